"""Decides a matter of redress on a record of the agency's own, and puts a statement beside it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import SILENT, FieldValue, RecordMalformed
from tieline.core.redress import TELLING, Kind, Outcome
from tieline.exchange.redress import matters
from tieline.exchange.redress.matters import (
    LONGEST,
    MatterRefused,
    judgements_of,
    may_decide,
    one_matter,
)
from tieline.exchange.redress.models import Act, Matter, MatterState
from tieline.keeping.corrections import note_disputed
from tieline.keeping.door import Door
from tieline.keeping.ledger import line
from tieline.keeping.records import KeptRecord
from tieline.keeping.statements import StatementRow
from tieline.wiring.systems import doors

__all__ = ["NotToBeNamed", "decide", "disputable", "disputed_fields", "file_statement"]

_EXEMPT_KINDS = frozenset({"case", "lookout"})


class NotToBeNamed(TielineError):
    """An answer would say of a record that there is one, and there is none, or that may not be
    said: the same for both, to the officer as well.
    """

    exit_code = 3

    def __init__(self, number: str) -> None:
        super().__init__(
            f"no record {number[:64]!r} of your agency may be named to whoever asks",
            cure="Choose the outcome that tells nothing, or check the number.",
        )


def decide(
    number: str,
    outcome: Outcome,
    *,
    said: str,
    record: str,
    viewer: Viewer,
    at: datetime,
) -> Matter:
    """End a matter. An outcome that tells of a record needs one of the agency's own that may be
    told of; *amended* one that was corrected since the matter came; *kept apart* a judgement of the
    agency under the redress number. Raises `NoSuchMatter`, `MatterRefused` or `NotToBeNamed`.
    """
    matter = one_matter(number, viewer)
    if not may_decide(matter, viewer):
        raise MatterRefused(
            "this is not to be decided now, or not by your agency",
            cure="Look at it again: it may not be taken yet, or be decided already.",
        )
    wanted, system = record.strip().upper(), ""
    if outcome in TELLING:
        door, kept = _own(wanted, viewer)
        system = door.about.name
        if outcome is Outcome.AMENDED and kept.updated_at <= matter.entered_at:
            raise MatterRefused(
                f"{wanted} was not corrected since this came",
                cure="Correct the record first; whoever received it is told then.",
            )
    else:
        wanted = ""
    if outcome is Outcome.KEPT_APART and not judgements_of(matter, viewer).exists():
        raise MatterRefused(
            "no one of your agency said under this redress number that they are two",
            cure="Judge the overlap first, and enter the matter with its redress number.",
        )
    return matters.decide(
        number, outcome, said=said, record=wanted, system=system, viewer=viewer, at=at
    )


def disputable(matter: Matter, viewer: Viewer) -> bool:
    """Whether a statement of disagreement may be filed: this agency refused an amendment."""
    return (
        matter.kind == Kind.AMENDMENT
        and matter.state == MatterState.DECIDED
        and matter.outcome == Outcome.REFUSED
        and matter.decides == viewer.agency
    )


def disputed_fields(matter: Matter, viewer: Viewer) -> tuple[str, ...]:
    """The fields of the record that a statement may be about; none where it is gone."""
    try:
        _, kept = _own(matter.decided_on, viewer)
    except NotToBeNamed:
        return ()
    return tuple(name for name, kind in kept.columns() if not kind.betrays_by_name)


def file_statement(number: str, name: str, said: str, *, viewer: Viewer, at: datetime) -> Matter:
    """Put what the person says beside the record, so that whoever is shown the field reads it from
    the next look on. Raises `NoSuchMatter`, `MatterRefused` or `NotToBeNamed`.

    Two databases: the statement first, then its note. Killed in between, the statement stands, and
    whoever files it again completes the note.
    """
    matter = one_matter(number, viewer)
    if not disputable(matter, viewer):
        raise MatterRefused(
            "a statement of disagreement follows an amendment that your agency refused",
            cure="Decide the matter first.",
        )
    said = said.strip()
    if not 0 < len(said) <= LONGEST or "\0" in said:
        raise MatterRefused("there is no statement", cure=f"Write at most {LONGEST:,} signs.")
    door, kept = _own(matter.decided_on, viewer)
    fields = dict(kept.columns())
    if name not in disputed_fields(matter, viewer):
        raise MatterRefused("the record has no such field", cure="Choose one of the list.")
    try:
        # A code that betrays a claim of fear has no place but in its own classes (8 CFR 208.6).
        FieldValue(said, fields[name])
    except RecordMalformed as error:
        raise MatterRefused(error.what, cure="Leave the code out.") from None
    _write(door, kept, name, said, matter, viewer, at)
    if not matter.steps.filter(act=Act.DISAGREED.value).exists():
        matters.disagree(number, viewer=viewer, at=at)
    return matter


def _write(
    door: Door,
    kept: KeptRecord,
    name: str,
    said: str,
    matter: Matter,
    viewer: Viewer,
    at: datetime,
) -> None:
    keeper = door.keeper
    with transaction.atomic(using=keeper.database):
        # Who is told of the record meanwhile is told of it as it was, or as it is then.
        keeper.ledger.hold()
        _, made = StatementRow.objects.using(keeper.database).get_or_create(
            record=kept.number,
            matter=matter.number,
            name=name,
            defaults={
                "said": said,
                "author": viewer.number,
                "assignment": viewer.assignment,
                "filed_at": at,
            },
        )
        if made:
            entry = line(
                Event.STATEMENT_FILED,
                at=at,
                viewer=viewer,
                purpose=Purpose(code=PurposeCode.REDRESS, number=matter.number),
                keeper=keeper.system,
                record=kept.number,
                owner=kept.owner_agency,
            )
            keeper.ledger.append([entry])
            of, cause = dict(kept.columns())[name], f"{matter.number} {name}"
            note_disputed(keeper.ledger, kept, of=of, cause=cause, at=at)


def _own(number: str, viewer: Viewer) -> tuple[Door, KeptRecord]:
    """The record, where it may be said to whoever asks that there is one. Raises `NotToBeNamed`."""
    for door in doors().values():
        kept = door.keeper.find(number) if number and number.isprintable() else None
        if kept is None or kept.owner_agency != viewer.agency or kept.kind in _EXEMPT_KINDS:
            continue
        if not (kept.protections.hides_existence or SILENT in kept.caveats):
            return door, kept
    raise NotToBeNamed(number)
