"""What an agency says on a request that was refused on appeal, in two databases.

Where both grant, the owner's own person releases, by the rules of any release: what a clause does
not let him open, or closes to himself, no council opens. First where the records are, then where it
was asked: killed in between, the release stands, and whoever speaks again completes it.
"""

from __future__ import annotations

from datetime import datetime

from tieline.accounts.hats import viewer_of
from tieline.accounts.models import Assignment
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.sharing.council import (
    CouncilRefused,
    Saying,
    as_said,
    note_voice,
    to_be_spoken_on,
    voice_of_other,
)
from tieline.exchange.sharing.models import ReleaseRequest, Voice
from tieline.keeping.releases import ReleaseRow, given_by
from tieline.keeping.releasing import ReleaseRefused, Terms, give, refuse_wrong_terms
from tieline.wiring.sharing import terms_of
from tieline.wiring.systems import doors

__all__ = ["speak"]


def speak(number: str, saying: Saying, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """Say for the viewer's agency that it is to be released, or not; the owner's says how.

    Raises `NoSuchRequest`, `CouncilRefused`, `AnswerRefused`, `RequestRefused` or `ReleaseRefused`;
    then nothing was said.
    """
    row = to_be_spoken_on(number, viewer=viewer, at=at)
    other = voice_of_other(row, viewer.agency)
    is_owner = viewer.agency == row.owner_agency
    standing = _standing(row)
    if not saying.grants:
        if standing is not None:
            raise ReleaseRefused(
                f"{standing.number} was given on this request",
                cure="Say that it is granted; it can be recalled then, should it not stand.",
            )
        return note_voice(number, saying, released=None, viewer=viewer, at=at)
    if is_owner:
        terms = _terms(row, saying, viewer)
        refuse_wrong_terms(doors()[row.system], terms, author=viewer, at=at)
    released = None
    if other is not None and saying.agrees(other, step=row.state):
        if is_owner:
            released = as_said(give(doors()[row.system], terms, author=viewer, at=at))
        else:
            released = as_said(_by_owner(row, other, at))
    return note_voice(number, saying, released=released, viewer=viewer, at=at)


def _by_owner(row: ReleaseRequest, said: Voice, at: datetime) -> ReleaseRow:
    """As the owner's person said, who still has to be one of those who may."""
    worn = Assignment.objects.filter(
        number=said.said_as, user__number=said.said_by, user__is_active=True
    )
    found = worn.select_related("user").first()
    if found is None or not found.holds(at):
        raise CouncilRefused(
            f"who granted it for {row.owner_agency} is there no more",
            cure=f"Have another sharing officer of {row.owner_agency} say it.",
        )
    author = viewer_of(found.user, found)
    return give(doors()[row.system], _terms(row, as_said(said), author), author=author, at=at)


def _terms(row: ReleaseRequest, saying: Saying, author: Viewer) -> Terms:
    if saying.expires_at is None:
        raise ReleaseRefused("a release has an end", cure="Say until when.")
    return terms_of(
        row,
        classes=saying.classes,
        copies=saying.copies,
        expires_at=saying.expires_at,
        caveats=saying.caveats,
        author=author,
    )


def _standing(row: ReleaseRequest) -> ReleaseRow | None:
    database = doors()[row.system].keeper.database
    return given_by(database, row.owner_agency, numbers=[row.release]).first()
