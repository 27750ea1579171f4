"""What is asked of each mark: in a closed form where it says something of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.core.agreement.releases import ORIGIN
from tieline.core.marks import (
    LONGEST_WORDS,
    Fact,
    GangGrounds,
    Grounds,
    IntelligenceGrounds,
    Mark,
    WordGrounds,
)
from tieline.settings import node
from tieline.web.marks.words import (
    FACT_KINDS,
    FROM,
    RELIABILITIES,
    SENSITIVITIES,
    VALIDITIES,
)

__all__ = ["NEW_FORMS", "ApproveForm", "EndForm", "MarkForm", "ReviewForm"]

_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}
_FACTS: Final = 3
_LEAST: Final = 2


def _words(label: Any, hint: Any = "", *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        **more,
    )


def _line(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=200,
        widget=forms.TextInput(attrs=_PLAIN),
        **more,
    )


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"})
    )


def _of(label: Any, known: Mapping[str, Promise], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "—"), *((str(code), said) for code, said in known.items())],
        **more,
    )


def _answered_no(label: Any, hint: Any = "") -> forms.ChoiceField:
    """A question that has to be answered, and by which yes refuses the mark."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "—"), ("no", gettext_lazy("no")), ("yes", gettext_lazy("yes"))],
    )


def _counsel() -> forms.CharField:
    return _line(
        gettext_lazy("Counsel who approved it, and the reference"),
        gettext_lazy("Needed where the person is a child, or may be one."),
        required=False,
    )


class MarkForm(forms.Form):
    """What the forms of all marks have in common."""

    def __init__(
        self, *given: Any, mark: str, givers: Collection[tuple[str, str]] = (), **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self._mark = mark
        self._offer(givers)

    def _offer(self, givers: Collection[tuple[str, str]]) -> None:
        """Fill what the directory says."""

    def mark(self) -> str:
        """The caveat; only after `is_valid`, as are the `grounds` of each form."""
        return self._mark


class WordsForm(MarkForm):
    """A mark that says nothing of a person."""

    why = _words(gettext_lazy("On what it rests"))

    def grounds(self) -> Grounds:
        return WordGrounds(why=self.cleaned_data["why"].strip())


class OriginForm(WordsForm):
    """That a third agency gave the record."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency that gave it"))

    field_order = ("agency", "why")

    def _offer(self, givers: Collection[tuple[str, str]]) -> None:
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *((code, f"{code} · {name}") for code, name in givers)]

    def mark(self) -> str:
        return f"{ORIGIN}{self.cleaned_data['agency']}"


class GangForm(MarkForm):
    """Two facts, and what a label may not rest on."""

    association_alone = _answered_no(
        gettext_lazy("Does it rest on nothing but knowing or being seen with somebody?")
    )
    counsel = _counsel()

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for place in range(1, _FACTS + 1):
            needed = place <= _LEAST
            about = {"place": place}
            self.fields[f"kind_{place}"] = _of(
                gettext_lazy("Kind of fact %(place)s") % about, FACT_KINDS, required=needed
            )
            self.fields[f"said_{place}"] = _words(
                gettext_lazy("Fact %(place)s") % about,
                gettext_lazy("What was seen, said or found, when and where."),
                rows=2,
                required=needed,
            )
            self.fields[f"source_{place}"] = _line(
                gettext_lazy("Source of fact %(place)s") % about, required=needed
            )

        # What is wrong is told in the order of the page.
        self.order_fields(
            f"{name}_{place}"
            for place in range(1, _FACTS + 1)
            for name in ("kind", "said", "source")
        )

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """As the page shows them."""
        for place in range(1, _FACTS + 1):
            title = gettext_lazy("Fact %(place)s") % {"place": place}
            yield title, [self[f"{name}_{place}"] for name in ("kind", "said", "source")]
        yield gettext_lazy("Questions"), [self["association_alone"], self["counsel"]]

    def grounds(self) -> Grounds:
        said = self.cleaned_data
        facts = []
        for place in range(1, _FACTS + 1):
            kind, what, source = (
                said[f"{name}_{place}"].strip() for name in ("kind", "said", "source")
            )
            if kind or what or source:
                facts.append(Fact(kind=kind, said=what, source=source))
        return GangGrounds(
            facts=tuple(facts),
            association_alone=said["association_alone"] != "no",
            counsel=said["counsel"].strip(),
        )


class IntelligenceForm(MarkForm):
    """What 28 CFR 23.20 asks."""

    suspicion = _words(
        gettext_lazy("Reasonable suspicion"),
        gettext_lazy(
            "Which facts let a trained officer believe that the person takes part in which crime."
        ),
    )
    source = _line(gettext_lazy("Source"))
    reliability = _of(gettext_lazy("Reliability of the source"), RELIABILITIES)
    validity = _of(gettext_lazy("Validity of the content"), VALIDITIES)
    sensitivity = _of(gettext_lazy("Sensitivity"), SENSITIVITIES)
    review_on = _day(gettext_lazy("Review on"))
    views = _answered_no(
        gettext_lazy(
            "Does it hold political, religious or social views, associations or activities?"
        ),
    )
    unlawful = _answered_no(gettext_lazy("Was any of it obtained against the law?"))
    counsel = _counsel()

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        words = _("Within %(days)d days. Unless reviewed, it ends then.")
        self.fields["review_on"].help_text = words % {"days": node().marks.intelligence}

    def grounds(self) -> Grounds:
        said = self.cleaned_data
        return IntelligenceGrounds(
            suspicion=said["suspicion"].strip(),
            source=said["source"].strip(),
            reliability=said["reliability"],
            validity=said["validity"],
            sensitivity=said["sensitivity"],
            review_on=said["review_on"],
            views=said["views"] != "no",
            unlawful=said["unlawful"] != "no",
            counsel=said["counsel"].strip(),
        )


NEW_FORMS: Final[Mapping[str, type[WordsForm] | type[GangForm] | type[IntelligenceForm]]] = {
    Mark.EXERCISE.value: WordsForm,
    Mark.UNAPPROVED.value: WordsForm,
    FROM: OriginForm,
    Mark.INTELLIGENCE.value: IntelligenceForm,
    Mark.GANG_LABEL.value: GangForm,
}
"""By the word in the address."""


class ApproveForm(forms.Form):
    """What whoever approves answers for."""

    read = forms.BooleanField(
        label=gettext_lazy("I have read the grounds, and they carry the mark"),
    )
    counsel = _counsel()


class ReviewForm(forms.Form):
    """That the grounds hold still."""

    why = _words(gettext_lazy("On what it rests today"))
    review_on = _day(gettext_lazy("Review again on"))
    counsel = _counsel()

    def __init__(self, *given: Any, mark: str, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["review_on"].initial = today + node().marks.to_review(mark)


class EndForm(forms.Form):
    """Why a mark counts no more."""

    why = _words(gettext_lazy("Why"))
