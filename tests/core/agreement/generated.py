"""Generated texts, viewers, purposes and records, hostile ones among them."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from hypothesis import strategies as st

from tieline.core.agreement.engine import Engine
from tieline.core.agreement.question import ACTIONS, Action, Question
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import Facts, FieldClass, Protections
from tieline.reference.agreement import model_agreement

MODEL = model_agreement()
ENGINE = MODEL.check()
AT = datetime(2026, 5, 1, tzinfo=UTC)
EXAMPLES = int(os.environ.get("TIELINE_SOAK_EXAMPLES", "150"))
FLAGS = tuple(Protections.unknown().effective)

# Texts that look like something else to whoever is careless with them.
TEXTS = st.sampled_from(
    [
        "patrol",
        "investigations",
        "DHS",
        "",
        "True",
        "false",
        "silent",
        "Ä",
        "a'b",
        'a"b',
        "\\n",
        "0",
    ]
)
SAID = TEXTS.filter(bool)
FACTS = st.builds(
    Facts,
    kind=SAID,
    owner_agency=SAID,
    owning_unit=SAID,
    protections=st.builds(
        Protections, **{name: st.sampled_from([True, False, None]) for name in FLAGS}
    ),
    caveats=st.frozensets(SAID, max_size=3),
)
VIEWERS = st.builds(
    Viewer,
    number=st.just("P-1"),
    agency=SAID,
    unit=SAID,
    role=st.sampled_from(list(Role)),
    assignment=st.just("A-1"),
    department=TEXTS,
    sworn=st.booleans(),
    employee=st.booleans(),
    trained_until=st.none(),
    roles=st.frozensets(st.sampled_from(list(Role)), max_size=2),
)
PURPOSES = st.builds(
    Purpose,
    code=st.sampled_from(list(PurposeCode)),
    number=st.sampled_from(["", "E-1", "--"]),
    reason=st.sampled_from(["", "asked"]),
)
QUESTIONS = [
    *(Question(action) for action in ACTIONS if action is not Action.FIELD),
    *(Question(Action.RELEASE, one) for one in FieldClass),
    *(Question(Action.EMERGENCY, one) for one in FieldClass),
    *(Question(Action.FIELD, one) for one in FieldClass),
]


def quoted(text: str) -> str:
    signs = {'"': '\\"', "\\": "\\\\", "Ä": "\\u{c4}"}
    return '"' + "".join(signs.get(sign, sign) for sign in text) + '"'


A_TEXT = st.one_of(
    TEXTS.map(quoted),
    st.sampled_from(
        [
            *(f"principal.{name}" for name in ("agency", "unit", "department")),
            *(f"resource.{name}" for name in ("kind", "owner", "unit", "department")),
            *("context.purpose", "context.field_class"),
        ]
    ),
)
A_SET = st.one_of(
    st.lists(TEXTS.map(quoted), min_size=1, max_size=4).map(lambda all_: f"[{', '.join(all_)}]"),
    st.sampled_from(["principal.roles", "resource.caveats"]),
)
A_FLAG = st.sampled_from(
    [
        *("principal.sworn", "principal.employee", "context.has_number", "context.has_reason"),
        *(f"resource.{name}" for name in FLAGS),
    ]
)
CONDITIONS = st.recursive(
    st.one_of(
        A_FLAG,
        st.builds("{} {} {}".format, A_TEXT, st.sampled_from(["==", "!="]), A_TEXT),
        st.builds("{} {} {}".format, A_FLAG, st.sampled_from(["==", "!="]), A_FLAG),
        st.builds("{} {} {}".format, A_SET, st.sampled_from(["==", "!="]), A_SET),
        st.builds("{}.contains({})".format, A_SET, A_TEXT),
    ),
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["&&", "||", "=="]), inner),
    ),
    max_leaves=8,
)
HEADS = st.sampled_from(
    [
        "action",
        'action == Tieline::Action::"field"',
        'action in [Tieline::Action::"search", Tieline::Action::"full"]',
    ]
)
CLAUSES = st.builds(
    "{} (principal, {}, resource)\n{};".format,
    st.sampled_from(["permit", "forbid"]),
    HEADS,
    st.lists(
        st.builds("{} {{ {} }}".format, st.sampled_from(["when", "unless"]), CONDITIONS), max_size=2
    ).map("\n".join),
)


@st.composite
def texts(draw: st.DrawFn) -> Engine:
    clauses = draw(st.lists(CLAUSES, min_size=1, max_size=6))
    policies = "\n".join(f'@id("C{at}")\n{clause}' for at, clause in enumerate(clauses))
    prose = {f"C{at}": "Said in words." for at in range(len(clauses))}
    return Engine.checked(policies, MODEL.schema, prose)
