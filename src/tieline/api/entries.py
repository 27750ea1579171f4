"""What a record is entered as: made from the fields of its draft, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, get_type_hints

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    create_model,
)

from tieline.api.form import Strict
from tieline.keeping.draft import Draft
from tieline.keeping.fields import class_of
from tieline.keeping.records import PROTECTIONS
from tieline.systems.investigations.kinds import DRAFTS as CASE_DRAFTS
from tieline.systems.investigations.kinds import KINDS as CASE_KINDS
from tieline.systems.investigations.lookouts.grounds import Grounds
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.systems.patrol.kinds import DRAFTS as PATROL_DRAFTS
from tieline.systems.patrol.kinds import KINDS as PATROL_KINDS

__all__ = [
    "CaseEntry",
    "CaseSubjectEntry",
    "Entry",
    "EventEntry",
    "EventSubjectEntry",
    "GroundsEntry",
    "LookoutEntry",
]

_LEAST, _MOST = -(2**31), 2**31 - 1
"""Of a whole number that a database keeps."""
_LONGEST_LABEL: Final = 200


def _is_text(value: object) -> object:
    # Else a number would be read as seconds since 1970.
    if not isinstance(value, str):
        raise ValueError("write it as text: 2026-11-23T14:02:00Z")
    return value


_Moment = Annotated[AwareDatetime, BeforeValidator(_is_text)]
_TYPES: Final[Mapping[Any, Any]] = {
    str: str,
    Sequence[str]: Annotated[list[str], Field(max_length=50)],
    int | None: Annotated[int, Field(ge=_LEAST, le=_MOST, strict=True)] | None,
    float | None: Annotated[float, Field(allow_inf_nan=False, strict=True)] | None,
    datetime | None: _Moment | None,
}


_Protections = create_model(
    "Protections",
    __base__=Strict,
    __doc__="Whether each applies. What is not stated, or null, is unknown; that is a yes (P17).",
    **dict.fromkeys(PROTECTIONS, (StrictBool | None, None)),  # type: ignore[call-overload]
)


class GroundsEntry(Strict):
    """What the author of a lookout answers for (P16, P21)."""

    first_amendment: StrictBool
    """Whether it rests on what the person said, believed, or whom they met."""
    association_alone: StrictBool
    """Whether it rests on nothing but knowing somebody."""
    prohibited_source: StrictBool
    """Whether it rests solely on what a listed abuser or trafficker furnished."""
    counsel_needed: StrictBool
    """Whether the person is a journalist, lawyer, member of clergy, advocate or official."""
    counsel: Annotated[str, Field(max_length=200)] = ""
    """Which counsel approved it, and when."""

    def grounds(self) -> Grounds:
        """The answers as the service takes them."""
        return Grounds(**self.model_dump())


class Entry(Strict):
    """A record as somebody enters it. Its number is given by its system."""

    # Of models that are made, no docstring can be found: looking for them took half of a start.
    model_config = ConfigDict(use_attribute_docstrings=False)

    drafted: ClassVar[type[Draft]]
    protections: Any

    def draft(self, **more: Any) -> Draft:
        """The draft as services take it."""
        names = {one.name for one in fields(self.drafted)} & type(self).model_fields.keys()
        said = {name: getattr(self, name) for name in names - {"protections"}}
        return self.drafted(protections=self.protections.model_dump(), **said, **more)


def _entry_of(draft: type[Draft], *, without: tuple[str, ...] = (), **instead: Any) -> type[Entry]:
    """The form of a draft; `instead` says of a field what else it is, or adds one."""
    hints = get_type_hints(draft)
    asked: dict[str, Any] = {
        one.name: (_form(draft, one.name, _TYPES[hints[one.name]]), _default(one))
        for one in fields(draft)
        if one.name not in {"number", "protections", *without, *instead}
    }
    made = create_model(
        f"{draft.__name__.removesuffix('Draft')}Entry",
        __base__=Entry,
        __doc__=draft.__doc__,
        **instead,
        **asked,
        protections=(_Protections, Field(default_factory=_Protections)),
    )
    made.drafted = draft
    return made


def _default(one: Any) -> Any:
    return one.default if one.default is not MISSING else one.default_factory()


def _form(draft: type[Draft], name: str, form: Any) -> Any:
    """With its field class, by which the agreement opens and closes it, and its length."""
    column: Any = _MODELS[draft]._meta.get_field(name)
    about = Field(description=f"Of the class {class_of(column)}.")
    if form is not str:
        return Annotated[form, about]
    # A code may be written as its label, which is longer.
    longest = max(column.max_length or 0, _LONGEST_LABEL)
    return Annotated[form, Field(max_length=longest), about]


_MODELS: Final = {
    drafts[model.kind]: model
    for drafts, kinds in ((PATROL_DRAFTS, PATROL_KINDS), (CASE_DRAFTS, CASE_KINDS))
    for model in kinds
}

if TYPE_CHECKING:
    EventEntry = Entry
    EventSubjectEntry = Entry
    CaseEntry = Entry
    CaseSubjectEntry = Entry

    class LookoutEntry(Entry):
        grounds: GroundsEntry
else:
    EventEntry = _entry_of(PATROL_DRAFTS["event"])
    EventSubjectEntry = _entry_of(PATROL_DRAFTS["subject"], without=("event",))
    CaseEntry = _entry_of(
        CASE_DRAFTS["case"],
        without=("agent", "office"),
        status=(Literal["open", "proposed"], "open"),
    )
    _SUBJECTS = [
        _entry_of(CASE_DRAFTS[kind], without=("case", "status"), kind=(Literal[kind], ...))
        for kind in (model.kind for model in SUBJECTS)
    ]
    CaseSubjectEntry = Annotated[
        _SUBJECTS[0] | _SUBJECTS[1] | _SUBJECTS[2] | _SUBJECTS[3] | _SUBJECTS[4] | _SUBJECTS[5],
        Field(discriminator="kind"),
    ]
    LookoutEntry = _entry_of(
        CASE_DRAFTS["lookout"],
        without=("subject", "status", "supervisor"),
        grounds=(GroundsEntry, ...),
    )
