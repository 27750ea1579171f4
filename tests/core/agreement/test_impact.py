"""What a new text changes over records that there are, counted as deciding each would count it."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tieline.core.agreement.clauses import Agreement, AgreementRefused, Clause
from tieline.core.agreement.compare import QUESTIONS
from tieline.core.agreement.decide import decide_all
from tieline.core.agreement.impact import impact
from tieline.core.agreement.instance import as_if_signed
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.standings import STANDINGS, somebody
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import Facts, FieldClass, Protections
from tieline.reference.agreement import model_agreement

from .scene import PARTIES, record

AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
OLD = model_agreement(parties=PARTIES)
FLAGS = tuple(Protections.unknown().effective)


def classes(seed: int, count: int) -> Counter[Facts]:
    """Records of every sort, most of them without any protection."""
    rng = random.Random(seed)
    made: Counter[Facts] = Counter()
    for _ in range(count):
        on = set(rng.sample(FLAGS, rng.choice([0, 0, 0, 1, 2])))
        facts = Facts(
            kind=rng.choice(["event", "subject", "case", "lookout", "person"]),
            owner_agency=rng.choice([one.agency for one in PARTIES]),
            owning_unit=rng.choice(["TCA/NGL", "LA/13", "TU"]),
            protections=Protections(**{one: one in on for one in FLAGS}),
            caveats=frozenset(
                rng.sample(["third_agency", "no_export", "silent"], rng.choice([0, 1]))
            ),
        )
        made[facts] += rng.randint(1, 9)
    return made


def by_hand(
    old: Agreement, new: Agreement, held: Counter[Facts]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Each record decided by both texts, for each kind of person and purpose."""
    texts = [as_if_signed(one) for one in (old, new)]
    found = {}
    for party in PARTIES:
        for standing in STANDINGS:
            more = less = 0
            for facts, count in held.items():
                if standing.owners_alone and party.agency != facts.owner_agency:
                    continue
                came = went = False
                for code in PurposeCode:
                    was, now = (
                        [
                            one.allowed
                            for one in decide_all(
                                text,
                                viewer=somebody(party, standing, facts),
                                purpose=Purpose(code=code, number="WHO-SEES"),
                                facts=facts,
                                questions=QUESTIONS,
                                at=AT,
                            )
                        ]
                        for text in texts
                    )
                    came |= any(b and not a for a, b in zip(was, now, strict=True))
                    went |= any(a and not b for a, b in zip(was, now, strict=True))
                more += count * came
                less += count * went
            if more or less:
                found[party.agency, standing.key] = (more, less)
    return found


def changed() -> list[Agreement]:
    first, *rest = (one for one in sorted(OLD.clauses) if one.startswith("P"))
    fewer = [
        replace(
            OLD,
            version=2,
            policies=without(OLD.policies, name),
            clauses={k: v for k, v in OLD.clauses.items() if k != name},
            articles={},
            sections=(),
        )
        for name in (first, rest[0], min(one for one in OLD.clauses if one.startswith("F")))
    ]
    return fewer


def without(policies: str, clause: str) -> str:
    from tieline.core.agreement.engine import joined, policies_of

    texts = dict(policies_of(policies))
    del texts[clause]
    return joined(texts)


@pytest.mark.parametrize(("which", "count"), [(0, 9), (1, 9), (2, 25)])
def test_it_counts_what_deciding_each_record_counts(which: int, count: int) -> None:
    new, held = changed()[which], classes(which, count)
    found = {
        (one.agency, one.standing.key): (one.more, one.less)
        for one in impact(OLD, new, held, at=AT)
    }
    assert found == by_hand(OLD, new, held)
    assert found


def test_the_same_text_changes_nothing() -> None:
    assert impact(OLD, replace(OLD, version=2, title="Another"), classes(5, 9), at=AT) == ()


def test_no_records_no_impact() -> None:
    assert impact(OLD, changed()[0], {}, at=AT) == ()


def test_back_again_is_the_other_way_round() -> None:
    held = classes(9, 9)
    there, back = impact(OLD, changed()[0], held, at=AT), impact(changed()[0], OLD, held, at=AT)
    assert [(one.more, one.less, one.gained, one.lost) for one in there] == [
        (one.less, one.more, one.lost, one.gained) for one in back
    ]


def test_what_comes_and_goes_is_named() -> None:
    (first, *_rest) = impact(OLD, changed()[0], classes(3, 14), at=AT)
    named = {*first.gained, *first.lost}
    assert named
    assert all(isinstance(one, Question) for one in named)
    assert {one.action for one in named} <= set(Action)
    assert all(one.field_class is None or one.field_class in FieldClass for one in named)
    assert first.purposes


def test_a_text_that_is_not_in_force_yet_is_asked_within_its_own_period() -> None:
    later = replace(
        changed()[0],
        in_force_from=AT.replace(year=AT.year + 5),
        in_force_until=AT.replace(year=AT.year + 6),
    )
    held = classes(3, 7)
    assert impact(OLD, later, held, at=AT) == impact(OLD, changed()[0], held, at=AT)


def test_a_text_that_cannot_be_decided_by_is_refused() -> None:
    broken = replace(OLD, version=2, policies=OLD.policies + "\nnonsense")
    with pytest.raises(AgreementRefused):
        impact(OLD, broken, classes(1, 5), at=AT)


def test_records_that_a_number_tells_apart_are_counted_apart() -> None:
    head = "permit (principal, action, resource)"
    given = head + ' when {{ context.has_number && resource.kind == "{}" }};'
    text = {"articles": {}, "sections": (), "signatures": ()}
    said = Clause(prose="Said.", source="a rule")
    old, new = (
        replace(
            OLD,
            policies="\n".join(f'@id("{kind}") {given.format(kind)}' for kind in kinds),
            clauses=dict.fromkeys(kinds, said),
            **text,  # type: ignore[arg-type]
        )
        for kinds in (("subject",), ("subject", "case"))
    )
    of_subject = record().facts
    held = {of_subject: 5, replace(of_subject, kind="case"): 2}
    found = impact(old, new, held, at=AT)
    assert found
    assert {(one.more, one.less) for one in found} == {(2, 0)}
