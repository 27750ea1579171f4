"""What no agreement may give, whatever its clauses say; each with the law that it rests on.

An invariant speaks of one question (this must never be given), or of two that differ in the record
alone (what is given of the one must be given of the other). It is proved of the whole decision, the
gates included (`prove`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tieline.core.agreement.circle import CIRCLE
from tieline.core.agreement.formulas import FLAGS, Asking, Formula, prover
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Role
from tieline.core.records import SILENT, FieldClass

__all__ = ["INVARIANTS", "Invariant", "Variant"]


_NO_EMERGENCY_OPENS: Final = (
    *(FieldClass.FEAR, FieldClass.OUTCOME, FieldClass.SOURCE, FieldClass.COURT),
    *(FieldClass.MEDICAL, FieldClass.PROTECTION),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """The same question of another record, and what the two records have to do with each other."""

    asked: Asking
    where: Formula
    how: str
    """How the other record came to be, in words."""
    elsewhere: bool = False
    """Another agreement may decide on it, if its keeper is a party there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """What must hold of every decision."""

    id: str
    says: str
    source: str
    """The statute, rule or memorandum."""
    practice: str
    """The rule of practice that asks for it, as the issues cite them (P1 and so on)."""
    never: Callable[[Asking], Formula] | None = field(default=None, repr=False)
    """Of which questions the answer must be no."""
    variant: Callable[[Asking], Variant] | None = field(default=None, repr=False)
    """Of which other record nothing may be given that is not given of this one."""


def _own(asked: Asking) -> Formula:
    return asked.principal["agency"] == asked.resource["owner"]


def _own_unit(asked: Asking) -> Formula:
    return prover().And(_own(asked), asked.principal["unit"] == asked.resource["unit"])


def _official(asked: Asking) -> Formula:
    return prover().Or(asked.principal["sworn"], asked.principal["employee"])


def _in_circle(asked: Asking) -> Formula:
    within = asked.texts.among(asked.principal["department"], CIRCLE)
    return prover().And(within, _official(asked))


def _inside(asked: Asking) -> Formula:
    same = asked.principal["department"] == asked.resource["department"]
    return prover().Or(_own(asked), prover().And(same, _official(asked)))


def _of(flag: str, may: Callable[[Asking], Formula]) -> Callable[[Asking], Formula]:
    """Records under a protection, asked for by anybody but those who may."""
    return lambda asked: prover().And(asked.resource[flag], prover().Not(may(asked)))


def _fields(*classes: FieldClass, may: Callable[[Asking], Formula]) -> Callable[[Asking], Formula]:
    """Fields of some classes, asked for by anybody but those who may."""

    def never(asked: Asking) -> Formula:
        of_class = asked.texts.among(asked.context["field_class"], classes)
        return prover().And(asked.asks(Action.FIELD), of_class, prover().Not(may(asked)))

    return never


def _no_purpose(asked: Asking) -> Formula:
    return prover().Not(prover().Or(asked.context["has_number"], asked.context["has_reason"]))


def _untrained(asked: Asking) -> Formula:
    return prover().And(prover().Not(asked.trained), prover().Not(_own(asked)))


def _lapsed(asked: Asking) -> Formula:
    return prover().And(prover().Not(asked.in_force), prover().Not(_own(asked)))


def _silent(asked: Asking) -> Formula:
    marked = asked.holds("resource", "caveats", SILENT)
    return prover().And(marked, prover().Not(_own(asked)))


def _is_desk(asked: Asking) -> Formula:
    desk = asked.holds("principal", "roles", Role.PROTECTION_DESK)
    return prover().And(_own(asked), desk, _in_circle(asked))


def _family_of_child(asked: Asking) -> Formula:
    family = _fields(FieldClass.FAMILY, FieldClass.CONTACT, may=_own)
    return prover().And(asked.resource["juvenile"], family(asked))


def _administers(asked: Asking) -> Formula:
    return asked.holds("principal", "roles", Role.ADMINISTRATOR)


def _breaks_glass_outside(asked: Asking) -> Formula:
    auditor = asked.holds("principal", "roles", Role.AUDITOR)
    outside = prover().Not(_inside(asked))
    return prover().And(asked.asks(Action.EMERGENCY), prover().Or(outside, auditor))


def _breaks_glass_too_far(asked: Asking) -> Formula:
    of_class = asked.texts.among(asked.context["field_class"], _NO_EMERGENCY_OPENS)
    return prover().And(asked.asks(Action.EMERGENCY), of_class, prover().Not(_own(asked)))


def _protected_more(asked: Asking) -> Variant:
    """The same record with protections set besides those that it has."""
    z3 = prover()
    later = {name: z3.Bool(f"later.{name}") for name in FLAGS}
    kept = [z3.Implies(asked.resource[name], later[name]) for name in FLAGS]
    return Variant(asked.of_other(**later), z3.And(kept), "after a protection was set")


def _copied(asked: Asking) -> Variant:
    """The copy that a third agency keeps, having it from the owner on condition."""
    z3, texts = prover(), asked.texts
    holder, unit = z3.BitVec("holder", texts.bits), z3.BitVec("holder's unit", texts.bits)
    known = [z3.ULE(one, z3.BitVecVal(len(texts.known) - 1, texts.bits)) for one in (holder, unit)]
    third = [
        holder != one
        for one in (asked.resource["owner"], asked.principal["agency"], asked.text(""))
    ]
    return Variant(
        asked.of_other(owner=holder, unit=unit, third_agency=z3.BoolVal(True)),
        z3.And(*known, *third, unit != asked.text("")),
        "as the copy that a third agency keeps",
        elsewhere=True,
    )


def _protections() -> Iterator[Invariant]:
    units = {
        "informant": ("the informant's safety", "an informant"),
        "grand_jury": ("Fed. R. Crim. P. 6(e)", "matter before a grand jury"),
        "intercept": ("18 USC 2517", "an intercepted communication"),
        "sealed": ("the court's order", "a matter under seal"),
    }
    for flag, (source, what) in units.items():
        yield Invariant(
            id=flag.replace("_", "-"),
            says=f"A record of {what} is known to nobody but the unit that keeps it.",
            source=source,
            practice="P19",
            never=_of(flag, _own_unit),
        )
    owners = {
        "tax": ("26 USC 6103", "with return information"),
        "suspicious_activity": ("31 USC 5318(g)(2)", "of a report of suspicious activity"),
        "medical": ("5 USC 552a(b)", "that is medical as a whole"),
        "third_agency": ("the third agency's condition", "given by a third agency on condition"),
    }
    for flag, (source, what) in owners.items():
        yield Invariant(
            id=flag.replace("_", "-"),
            says=f"A record {what} is known to nobody but its owner.",
            source=source,
            practice="P19",
            never=_of(flag, _own),
        )
    departments = {
        "juvenile": ("8 USC 1232(b)", "of a child, or of doubtful age,"),
        "us_person": ("5 USC 552a(b)", "of a United States person"),
    }
    for flag, (source, what) in departments.items():
        yield Invariant(
            id=flag.replace("_", "-"),
            says=f"A record {what} is known to nobody outside the owner's department, and to none "
            "of its contractors.",
            source=source,
            practice="P19",
            never=_of(flag, _inside),
        )


INVARIANTS: Final = (
    Invariant(
        id="purpose",
        says="Without a purpose that has a number or a reason, nothing is told.",
        source="5 USC 552a(b)(1): a need for the record in their duties",
        practice="P3",
        never=_no_purpose,
    ),
    Invariant(
        id="training",
        says="Who is not trained on the agreement is told nothing of another agency's records.",
        source="5 USC 552a(e)(9): rules of conduct, and instruction in them",
        practice="P3",
        never=_untrained,
    ),
    Invariant(
        id="in-force",
        says="Out of its period the agreement gives nothing of another agency's records.",
        source="5 USC 552a(b): no disclosure but under a condition that holds",
        practice="P19",
        never=_lapsed,
    ),
    Invariant(
        id="section-1367-owner",
        says="A record of an applicant for T or U status or under the Violence Against Women Act "
        "is known to nobody but its owner.",
        source="8 USC 1367(a)(2)",
        practice="P14",
        never=_of("section_1367", _own),
    ),
    Invariant(
        id="section-1367-circle",
        says="Of such a record even the owner tells none but sworn officers and employees of "
        "Homeland Security, Justice and State.",
        source="8 USC 1367(a)(2)",
        practice="P14",
        never=_of("section_1367", _in_circle),
    ),
    Invariant(
        id="protection-reason",
        says="Why a record is protected is told to the owner's protection desk alone.",
        source="8 USC 1367(a)(2)",
        practice="P14",
        never=_fields(FieldClass.PROTECTION, may=_is_desk),
    ),
    Invariant(
        id="protected-later",
        says="A protection that is set, late or at once, never opens anything, and neither does "
        "one that is not known.",
        source="8 USC 1367(a)(2); 8 CFR 208.6",
        practice="P15, P17",
        variant=_protected_more,
    ),
    Invariant(
        id="who-told",
        says="Who told, and matter of courts, is seen by nobody but the unit that keeps the "
        "record.",
        source="Fed. R. Crim. P. 6(e); 18 USC 2517; the informant's safety",
        practice="P16, P19",
        never=_fields(FieldClass.SOURCE, FieldClass.COURT, may=_own_unit),
    ),
    Invariant(
        id="diagnosis",
        says="A diagnosis is seen by nobody but the record's owner; others may see the precaution.",
        source="5 USC 552a(b)",
        practice="P18",
        never=_fields(FieldClass.MEDICAL, may=_own),
    ),
    Invariant(
        id="asylum",
        says="That somebody asked for asylum or expressed fear is known to none but sworn officers "
        "and employees of Homeland Security, Justice and State.",
        source="8 CFR 208.6",
        practice="P19",
        never=_of("asylum", _in_circle),
    ),
    Invariant(
        id="fear-codes",
        says="Neither what was said of fear nor the codes, forms and clocks that betray it are "
        "seen outside that circle.",
        source="8 CFR 208.6",
        practice="P19",
        never=_fields(FieldClass.OUTCOME, FieldClass.FEAR, may=_in_circle),
    ),
    *_protections(),
    Invariant(
        id="child-family",
        says="Family, sponsors, household and contacts of a child are seen by none but the owner.",
        source="8 USC 1232(b)",
        practice="P11, P19",
        never=_family_of_child,
    ),
    Invariant(
        id="silent",
        says="A record that its owner keeps silent is known to nobody else.",
        source="the owner's handling instruction",
        practice="P7",
        never=_silent,
    ),
    Invariant(
        id="administrator",
        says="Who keeps the machines or the application running reads no record by it.",
        source="5 USC 552a(b)(1): no need for the record in their duties",
        practice="P1",
        never=_administers,
    ),
    Invariant(
        id="emergency",
        says="Because a life is in danger, nobody opens a record himself but sworn officers and "
        "employees of its owner's department, and no auditor.",
        source="8 USC 1367(a)(2); 5 USC 552a(b)(1)",
        practice="P14",
        never=_breaks_glass_outside,
    ),
    Invariant(
        id="emergency-fields",
        says="No danger opens who told, matter of courts, a diagnosis, why a record is protected, "
        "what was said of fear, or what betrays it.",
        source="Fed. R. Crim. P. 6(e); 18 USC 2517; 8 CFR 208.6; 8 USC 1367(a)(2)",
        practice="P14, P18, P19",
        never=_breaks_glass_too_far,
    ),
    Invariant(
        id="chain",
        says="What a third agency keeps of an owner's record gives a party nothing that its own "
        "agreement with the owner does not.",
        source="the third agency's condition; 5 USC 552a(b)",
        practice="P19",
        variant=_copied,
    ),
)
"""In the order in which they are told."""
