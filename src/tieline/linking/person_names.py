"""Names of people: given names and surnames of both files understood in one vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tieline.core.matching import names as matching
from tieline.core.matching.feature import Feature
from tieline.core.values.names import canonical_given, phonetic, tokens
from tieline.linking.fieldmap import Field, Kind
from tieline.linking.reading import Sheet

NAME_KINDS = (Kind.NAME, Kind.GIVEN, Kind.SURNAME, Kind.SURNAME2)
_MOST_WORDS = {Kind.NAME: 6, Kind.GIVEN: 4, Kind.SURNAME: 4}


def name_features(
    fields: Sequence[Field],
    left: Sheet,
    right: Sheet,
    nicknames: Callable[[], Mapping[str, str]],
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
    words = [_words(parts, left, right) for _, parts in groups]
    distinct = dict.fromkeys(w for pair in words for side in pair for name in side for w in name)
    known = nicknames() if groups else {}
    vocabulary = matching.Vocabulary.of(
        list(distinct), canonical=lambda w: canonical_given(w, known), sound=phonetic
    )
    numbers = {word: at for at, word in enumerate(vocabulary.words)}
    columns = {
        parts: matching.NameColumn.of(pair[0], pair[1], numbers, vocabulary, most=_MOST_WORDS[kind])
        for (kind, parts), pair in zip(groups, words, strict=True)
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


def _words(
    parts: Sequence[Field], left: Sheet, right: Sheet
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    known: dict[str, tuple[str, ...]] = {}

    def words(text: str) -> tuple[str, ...]:
        if text not in known:
            known[text] = tokens(text)
        return known[text]

    def side(texts: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
        return [tuple(w for text in row for w in words(text)) for row in texts]

    return (
        side(zip(*(left.given(part.left) for part in parts), strict=True)),
        side(zip(*(right.given(part.right) for part in parts), strict=True)),
    )
