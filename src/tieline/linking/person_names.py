"""Names of people: given names and surnames of both files understood in one vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tieline.core.matching import names as matching
from tieline.core.matching.feature import Feature
from tieline.core.matching.vocabulary import Vocabulary
from tieline.core.matching.words import EMPTY_BOOK, NameBook
from tieline.core.values.names import canonical_given, tokens
from tieline.core.values.plain_names import parted
from tieline.core.values.sounds import phonetics
from tieline.linking.fieldmap import Field, Kind
from tieline.linking.name_columns import Numbering, laid_out
from tieline.linking.reading import Sheet

NAME_KINDS = (Kind.NAME, Kind.GIVEN, Kind.SURNAME, Kind.SURNAME2)
_MOST_WORDS = {Kind.NAME: 6, Kind.GIVEN: 4, Kind.SURNAME: 4}


def name_features(
    fields: Sequence[Field],
    left: Sheet,
    right: Sheet,
    nicknames: Callable[[], Mapping[str, str]],
    name_book: Callable[[], NameBook],
) -> dict[str, tuple[tuple[Field, ...], Feature]]:
    """Make the name features; they share one vocabulary, so that swapped names are seen."""
    groups: list[tuple[Kind, tuple[Field, ...]]] = [
        (Kind.NAME, (f,)) for f in fields if f.kind is Kind.NAME
    ]
    for kind, kinds in (
        (Kind.SURNAME, (Kind.SURNAME, Kind.SURNAME2)),
        (Kind.GIVEN, (Kind.GIVEN,)),
    ):
        parts = tuple(f for f in fields if f.kind in kinds)
        if parts:
            groups.append((kind, parts))
    numbering = Numbering(tokens, plain=parted)
    words = [
        [
            laid_out(parts, sheet, numbering, most=_MOST_WORDS[kind])
            for sheet in ([left] if right is left else [left, right])
        ]
        for kind, parts in groups
    ]
    known = nicknames() if groups else {}
    vocabulary = Vocabulary.of(
        list(numbering.numbers),
        canonical=lambda w: canonical_given(w, known),
        sounds=phonetics,
        book=name_book() if groups else EMPTY_BOOK,
    )
    columns = {
        parts: matching.NameColumn(sides[0], sides[-1], vocabulary)
        for (_, parts), sides in zip(groups, words, strict=True)
    }
    split = {kind: columns[parts] for kind, parts in groups if kind is not Kind.NAME}
    built: dict[str, tuple[tuple[Field, ...], Feature]] = {}
    for kind, parts in groups:
        other = split.get(Kind.GIVEN if kind is Kind.SURNAME else Kind.SURNAME)
        feature = matching.Name(
            " + ".join(part.label for part in parts),
            columns[parts],
            other if kind is not Kind.NAME else None,
            # Surname and given name meet together, through the surname's keys.
            meets=not (kind is Kind.GIVEN and Kind.SURNAME in split),
        )
        for part in parts:
            built[part.label] = (parts, feature)
    return built
