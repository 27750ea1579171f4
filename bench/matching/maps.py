"""The maps that tieline is given: what a user would write for these columns, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Field = tuple[str, tuple[str, ...], str]
"""The kind, the columns, and further keys as they stand in the map."""

NAMES: tuple[Field, ...] = (
    ("given", ("given",), ""),
    ("surname", ("surname", "surname2"), ""),
)
NAMES_AND_DATE: tuple[Field, ...] = (*NAMES, ("birth_date", ("birth_date",), ""))
PEOPLE: tuple[Field, ...] = (
    *NAMES_AND_DATE,
    ("sex", ("sex",), ""),
    *(("identifier", (name,), "") for name in ("a_number", "fin", "passport")),
    ("phone", ("phone",), ""),
    ("text", ("address",), ""),
    ("code", ("postal_code",), ""),
    ("code", ("country",), 'table = "country"'),
)
FIGURES: tuple[Field, ...] = (
    ("given", ("first_name",), ""),
    ("surname", ("surname",), ""),
    ("birth_date", ("dob",), ""),
    ("text", ("birth_place",), ""),
    ("text", ("postcode_fake",), ""),
    ("sex", ("gender",), ""),
    ("text", ("occupation",), ""),
)
FEBRL: tuple[Field, ...] = (
    ("given", ("given_name",), ""),
    ("surname", ("surname",), ""),
    ("birth_date", ("date_of_birth",), ""),
    ("text", ("street_number", "address_1"), 'label = "street"'),
    ("text", ("address_2",), ""),
    ("text", ("suburb",), ""),
    ("code", ("postcode",), ""),
    ("code", ("state",), ""),
)


def write(
    path: Path, fields: Sequence[Field], *, number: str = "id", sides: tuple[str, str] = ("", "")
) -> Path:
    """One map for both sides; `sides` stand before the names of columns, where they differ."""
    parts = [f'[{side}]\nnumber = "{number}"\n' for side in ("left", "right")]
    for kind, columns, more in fields:
        label = 'label = "' + columns[0] + '"\n' if "label" not in more else ""
        left, right = (_list([f"{ahead}{column}" for column in columns]) for ahead in sides)
        parts.append(f'[[field]]\nkind = "{kind}"\nleft = {left}\nright = {right}\n{label}{more}\n')
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def _list(columns: list[str]) -> str:
    return "[" + ", ".join(f'"{column}"' for column in columns) + "]"
