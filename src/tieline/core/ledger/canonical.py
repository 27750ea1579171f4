"""Canonical JSON, so that equal things have equal bytes: RFC 8785 without floats and null."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Never, TypeAlias

from tieline.core.errors import TielineError

Json: TypeAlias = "str | int | Sequence[Json] | Mapping[str, Json]"
"""What may be written; a Boolean is among the integers, as Python has it."""

MOST_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps exactly (RFC 7493 section 2.2)."""
MOST_DEPTH = 8
_MOST_DIGITS = len(str(-MOST_INTEGER))


class NotCanonical(TielineError):
    """Bytes that are not the one way to write what they say, or a value that has no such way.

    The message never repeats what was read: that may be a person's.
    """


def encode(value: Json) -> bytes:
    """The canonical bytes: keys by UTF-16 code units, least escapes, UTF-8 (RFC 8785 section 3.2).

    Floats, null, lone surrogates, integers beyond 2^53 and more than 8 levels are refused.
    """
    text = json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("A text holds half of a surrogate pair.") from None


def decode(data: bytes) -> Json:
    """What the bytes say, if they are canonical to the byte."""
    try:
        value: Json = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_int=_short_integer,
            parse_float=_refused,
            parse_constant=_refused,
        )
    except UnicodeDecodeError:
        raise NotCanonical("The bytes are not UTF-8.") from None
    except RecursionError:
        raise NotCanonical(f"It is nested more than {MOST_DEPTH} deep.") from None
    except ValueError:
        raise NotCanonical("It is not JSON.") from None
    if encode(value) != data:
        raise NotCanonical("It is JSON, and not in canonical form.")
    return value


def _ordered(value: object, depth: int) -> object:
    # A text may be of a subclass (an enum); what is written is the plain text.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        if abs(value) > MOST_INTEGER:
            raise NotCanonical("An integer is beyond 2^53, where not every reader keeps it.")
        return value
    if depth == MOST_DEPTH:
        raise NotCanonical(f"It is nested more than {MOST_DEPTH} deep.")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("A key is not a text.")
        # RFC 8785 section 3.2.3; Python would order by code points.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _ordered(value[key], depth + 1) for key in keys}
    if isinstance(value, list | tuple):
        return [_ordered(item, depth + 1) for item in value]
    raise NotCanonical("Only texts, integers, Booleans, lists and objects can be written.")


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotCanonical("An object has a key twice.")
    return made


def _short_integer(text: str) -> int:
    # A million digits would cost much time to read, only to be refused.
    return int(text) if len(text) <= _MOST_DIGITS else _refused(text)


def _refused(_text: str) -> Never:
    raise NotCanonical("It holds a number that is not a plain integer below 2^53.")
