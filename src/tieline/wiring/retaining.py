"""Which records are due to be purged, and purging them to the last trace, over all databases.

The record goes in one transaction, with a grave that says what is still to do. Whatever stops it
after that, the next call finds the grave and goes on.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, transaction
from django.db.models import Q

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.retention import Due, Rule, Stop, purge_due
from tieline.exchange.index.forgetting import NotWithdrawn, forget, forget_all
from tieline.exchange.index.relay import relay_once
from tieline.exchange.redress.forgetting import SYSTEM as LETTERS
from tieline.exchange.redress.models import Matter
from tieline.exchange.sharing.forgetting import forget_correspondence
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.emergencies import forget_emergencies
from tieline.keeping.erasing import PROOFS, erase, erase_about, erase_all_about
from tieline.keeping.graves import Basis, Grave
from tieline.keeping.holds import Held, is_held, lift_hold, set_hold
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import Ledger, line, loggable_number
from tieline.keeping.overwriting import overwrite_deleted
from tieline.keeping.records import KeptRecord
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.keeping.writing import NoSuchRecord
from tieline.reference.retention import retention_rules
from tieline.settings import node
from tieline.wiring.correcting import send_corrections
from tieline.wiring.gone import note_elsewhere
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.letters import destroy_letter, due_of, find_letter, letters_standing
from tieline.wiring.place import handle_of
from tieline.wiring.systems import doors

__all__ = [
    "NotDue",
    "RetentionRefused",
    "Standing",
    "Unfinished",
    "due",
    "erase_words",
    "expunge",
    "finish",
    "hold",
    "purge",
    "release",
]

log = logging.getLogger(__name__)

_MAY: Final = frozenset({Role.SUPERVISOR, Role.SHARING_OFFICER})
_YEAR: Final = timedelta(days=365)
"""At most; records that are asked for too early are decided by the calendar."""
_MOST_LOGGED: Final = 250
_LETTER: Final = "matter"


class RetentionRefused(TielineError):
    """Somebody who may not decide how long records are kept."""

    exit_code = 3


class NotDue(TielineError):
    """A record was to be purged that its schedule, an open matter or a hold keeps."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A record, and how it stands with its schedule; nothing of its content."""

    system: str
    number: str
    kind: str
    due: Due


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A record that is purged in its system, with traces elsewhere that wait."""

    system: str
    number: str
    why: str = field(default="")


def due(author: Viewer, *, at: datetime) -> list[Standing]:
    """Records of the author's agency whose years are over, also those that something else stops;
    and those that their owner has to validate by now. A look, so it is in the ledgers.
    """
    _refuse_all_but_records_officers(author)
    found = []
    for keeper in _keepers():
        standing = list(_standing(keeper, author.agency, at))
        _note_looked(keeper.ledger, standing, author, at)
        found += standing
    rule = _rules().get((LETTERS, _LETTER))
    letters = [
        Standing(LETTERS, number, _LETTER, stands)
        for number, stands in letters_standing(author.agency, rule, held=_is_held_anywhere, at=at)
        if Stop.NOT_YET not in stands.stops
    ]
    _note_looked(LEDGERS["exchange"], letters, author, at)
    return found + letters


def purge(number: str, *, author: Viewer, at: datetime) -> None:
    """Destroy a record that is due, or a letter to the redress officer; `finish` does the rest.

    Raises `RetentionRefused`, `NoSuchRecord` or `NotDue`.
    """
    letter = _letter(number, author)
    if letter is not None:
        rule = _rules().get((LETTERS, _LETTER))
        _refuse_undue(number, due_of(letter, rule, held=_is_held_anywhere, at=at))
        destroy_letter(number, author=author, at=at)
        return
    keeper = _own(number, author)
    with transaction.atomic(using=keeper.database):
        # First of all: nobody may open its case, or set a hold, between the question and the deed.
        keeper.ledger.hold()
        record = keeper.find(number)
        stands = _due_of(keeper, record, at) if record is not None else None
        rule = _refuse_undue(number, stands)
        basis = Basis(rule=rule.name, citation=rule.citation)
        keeper.purge(number, author=author, at=at, basis=basis)


def expunge(number: str, *, order: str, author: Viewer, at: datetime) -> None:
    """Destroy a record by an order of a court or of whoever may give one, before its time.

    Raises `RetentionRefused`, `NoSuchRecord` or `Held`.
    """
    letter = _letter(number, author)
    if letter is not None:
        _refuse_bad_order(order)
        if letter.decided_on and _is_held_anywhere(letter.decided_on):
            raise Held("a legal hold stands on its record", cure="Have it lifted first.")
        destroy_letter(number, order=order, author=author, at=at)
        return
    keeper = _own(number, author)
    _refuse_bad_order(order)
    keeper.expunge(number, author=author, at=at, basis=Basis(order=order))


def erase_words(
    handles: Collection[str], *, order: str, author: Viewer, at: datetime
) -> tuple[int, bool]:
    """Erase what the agency's own people typed, by the handles of its entries: search terms that
    name a person, say. Gives how many entries, and whether files were written anew.

    Raises `RetentionRefused`, and `Held` where a hold stands on the record of an entry; then
    nothing is erased in that ledger.
    """
    _refuse_all_but_records_officers(author)
    _refuse_bad_order(order)
    wanted, gone, anew = set(handles), 0, True
    for name, ledger in LEDGERS.items():
        # What was told a moment ago has its side row too.
        ledger.number_staged()
        sides = LedgerSide.objects.using(ledger.database).values("sequence")
        rows = LedgerRow.objects.using(ledger.database).filter(
            agency=author.agency, sequence__in=sides
        )
        rows = rows.exclude(event__in=PROOFS)
        places = rows.values_list("sequence", "record").order_by("sequence").iterator()
        found = {seq: record for seq, record in places if handle_of(name, seq) in wanted}
        if not found:
            continue
        if any(map(_is_held_anywhere, set(found.values()) - {""})):
            raise Held("a legal hold stands on a record of these", cure="Have it lifted first.")
        gone += erase(ledger, found, author=author, at=at, order=order)
        anew = overwrite_deleted(ledger.database) and anew
    return gone, anew


def hold(number: str, *, why: str, author: Viewer, at: datetime) -> None:
    """Set a legal hold on an own record.

    Raises `RetentionRefused`, `NoSuchRecord` or `HoldRefused`.
    """
    ledger = _own(number, author).ledger
    set_hold(ledger, number, owner=author.agency, why=why, author=author, at=at)


def release(number: str, *, why: str, author: Viewer, at: datetime) -> None:
    """Lift the holds on an own record; raises as `hold` does."""
    ledger = _own(number, author).ledger
    lift_hold(ledger, number, owner=author.agency, why=why, author=author, at=at)


def finish(
    author: Viewer, *, at: datetime, rng: random.Random, letters: Collection[str] = ()
) -> list[Unfinished]:
    """Carry every purge of the author's agency to its end: the exchange forgets, what accounts for
    disclosures goes once its five years are over, and files are written anew, also where it is
    letters that were destroyed. Gives what waits.
    """
    _refuse_all_but_records_officers(author)
    waiting: list[Unfinished] = []
    if letters and not overwrite_deleted(EXCHANGE):
        waiting += [Unfinished(LETTERS, one, "overwriting") for one in letters]
    for keeper in _keepers():
        graves = _open_graves(keeper, author.agency, at)
        if not graves:
            continue
        relay_once({keeper.system: doors()[keeper.system]}, at=at, rng=rng)
        try:
            # Before the exchange forgets: whoever was shown the record is told.
            send_corrections(at=at)
        except (Error, TielineError) as error:
            log.warning("corrections wait for the exchange: %s", type(error).__name__)
        done = []
        for grave in graves:
            try:
                grave.accounted_until = _emptied(keeper, grave, author, at)
                note_elsewhere(keeper, grave, at=at)
                done.append(grave)
            except (NotWithdrawn, Error) as error:
                log.warning("%s waits for the exchange: %s", grave.number, type(error).__name__)
                waiting.append(Unfinished(keeper.system, grave.number, "exchange"))
        if done and all(map(overwrite_deleted, (keeper.database, EXCHANGE))):
            _close(keeper, done, at)
        else:
            waiting += [Unfinished(keeper.system, one.number, "overwriting") for one in done]
    return waiting


def _emptied(keeper: Keeper, grave: Grave, author: Viewer, at: datetime) -> datetime | None:
    """Until when something has to stay."""
    system, number = keeper.system, grave.number
    ordered = bool(grave.order)
    words = (
        forget_correspondence(system, number, at=at, ordered=ordered),
        forget_emergencies(keeper.database, number, at=at, ordered=ordered),
    )
    if ordered:
        forget_all(system, number, author=author, at=at)
        erase_all_about(keeper.ledger, system, number, author=author, at=at)
        return None
    ends = (
        *words,
        forget(system, number, author=author, at=at),
        erase_about(keeper.ledger, system, number, author=author, at=at),
    )
    return max((one for one in ends if one is not None), default=None)


def _letter(number: str, author: Viewer) -> Matter | None:
    _refuse_all_but_records_officers(author)
    return find_letter(number, author.agency)


def _refuse_undue(number: str, stands: Due | None) -> Rule:
    if stands is None or stands.rule is None or not stands.is_due:
        stops = stands.stops if stands is not None else ()
        raise NotDue(
            f"{number} is not to be purged now: {', '.join(stops) or 'it is gone'}",
            cure="tieline retention due says what is.",
        )
    return stands.rule


def _close(keeper: Keeper, graves: Sequence[Grave], at: datetime) -> None:
    with transaction.atomic(using=keeper.database):
        for grave in graves:
            grave.finished_at = grave.finished_at or at
            grave.save(using=keeper.database)


def _open_graves(keeper: Keeper, agency: str, at: datetime) -> list[Grave]:
    rows = Grave.objects.using(keeper.database).filter(owner_agency=agency)
    still = Q(finished_at=None) | Q(accounted_until__lte=at)
    return list(rows.filter(still).order_by("number"))


def _standing(keeper: Keeper, agency: str, at: datetime) -> Iterator[Standing]:
    rules = _rules()
    for kind, model in sorted(keeper.by_kind.items()):
        rule = rules.get((keeper.system, kind))
        if rule is None:
            continue
        asked = Q(created_at__lte=at - rule.years * _YEAR)
        if rule.validate_years is not None:
            asked |= Q(updated_at__lte=at - rule.validate_years * _YEAR)
        rows = model._default_manager.using(keeper.database).filter(asked, owner_agency=agency)
        for record in rows.order_by("number").iterator(chunk_size=500):
            stands = _due_of(keeper, record, at)
            to_validate = stands.validate_by is not None and stands.validate_by <= at
            if Stop.NOT_YET not in stands.stops or to_validate:
                yield Standing(keeper.system, record.number, kind, stands)


def _due_of(keeper: Keeper, record: KeptRecord, at: datetime) -> Due:
    matter = keeper.matter(record)
    return purge_due(
        _rules().get((keeper.system, record.kind)),
        collected=record.created_at,
        changed=record.updated_at,
        over=all(one.is_over for one in matter),
        held=is_held([one.number for one in matter], database=keeper.database),
        at=at,
    )


def _rules() -> dict[tuple[str, str], Rule]:
    return {
        (system, kind): rule
        for rule in retention_rules(node().retention)
        for system, kinds in rule.kinds.items()
        for kind in kinds
    }


def _keepers() -> list[Keeper]:
    return [one.keeper for one in doors().values()]


def _own(number: str, author: Viewer) -> Keeper:
    _refuse_all_but_records_officers(author)
    for keeper in _keepers():
        record = keeper.find(number) if number.isprintable() else None
        if record is not None and record.owner_agency == author.agency:
            return keeper
    raise NoSuchRecord("this is no number of your agency", cure="Check the number.")


def _is_held_anywhere(number: str) -> bool:
    for keeper in _keepers():
        record = keeper.find(number)
        matter = [record.number, *(one.number for one in keeper.matter(record))] if record else []
        if is_held(matter, database=keeper.database):
            return True
    return False


def _refuse_bad_order(order: str) -> None:
    if not loggable_number(order):
        raise RetentionRefused(
            "the number of the order cannot stand in the ledger",
            cure="Write it in capitals, digits and hyphens, with at most 4 letters in a row; it "
            "must name no person.",
        )


def _refuse_all_but_records_officers(author: Viewer) -> None:
    if _MAY.isdisjoint({author.role, *author.roles}):
        raise RetentionRefused(
            "how long records are kept is decided by supervisors and sharing officers",
            cure="Ask one of your agency.",
        )


def _note_looked(
    ledger: Ledger, standing: Sequence[Standing], author: Viewer, at: datetime
) -> None:
    shown = line(
        Event.SEARCH_ANSWERED,
        at=at,
        viewer=author,
        purpose=Purpose(code=PurposeCode.OVERSIGHT, reason="retention"),
        count=len(standing),
        side={
            "query": {"list": "retention"},
            "own": [one.number for one in standing[:_MOST_LOGGED]],
        },
    )
    with transaction.atomic(using=ledger.database):
        ledger.append([shown])
