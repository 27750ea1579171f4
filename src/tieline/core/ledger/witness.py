"""A partner as witness: cosigns a log's head if the log only grew since the head that it saw last.

An owner alone can rewrite its whole ledger; not what its partner has cosigned (C2SP tlog-witness).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from tieline.core.errors import TielineError
from tieline.core.ledger.signing import WitnessKey
from tieline.core.ledger.tree import verify_consistency
from tieline.core.ledger.verify import Keys, Kind, Untrusted, read_checkpoint

__all__ = ["NOTHING_SEEN", "Refusal", "Seen", "WitnessRefused", "moment", "witness"]


class Refusal(StrEnum):
    """Why a head was not cosigned, though the log's own key signed it."""

    SMALLER = "the log has fewer entries than were seen before"
    FORK = "the log has another root at the size that was seen before"
    INCONSISTENT = "it is not shown that the log starts with what was seen before"
    CLOCK = "the witness's clock is behind the last cosignature"


class Seen(NamedTuple):
    """The last head that a witness cosigned of one log, and when."""

    size: int
    root: bytes
    at: str


NOTHING_SEEN: Final = Seen(0, b"", "")


class WitnessRefused(TielineError):
    """A head that a witness does not cosign; nothing that it keeps has changed."""

    exit_code = 3

    def __init__(self, why: StrEnum, detail: str = "") -> None:
        super().__init__(
            f"The head is not cosigned: {why.value}{f' ({detail})' if detail else ''}.",
            cure="Compare exports of both sides: tieline ledger verify. Until then nothing that "
            "this ledger says is witnessed.",
        )
        self.why = why


def moment(at: datetime) -> str:
    """A moment as cosignatures and the terms of keys have it: UTC, whole seconds."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def witness(
    note: str, proof: Sequence[bytes], *, seen: Seen, keys: Keys, key: WitnessKey, at: datetime
) -> tuple[Seen, str]:
    """What was seen now, which must be kept before the cosignature's line beside it is given away.

    `keys` are those of the log; `proof` is that of RFC 9162 section 2.1.4 from the size seen last,
    empty where nothing was. Raises `WitnessRefused`.
    """
    now = moment(at)
    try:
        _, size, root, _ = read_checkpoint(note, _in_force(keys, now))
    except Untrusted as error:
        raise WitnessRefused(*error.args) from None
    except ValueError:
        raise WitnessRefused(Kind.NOTE) from None
    if now < seen.at:
        raise WitnessRefused(Refusal.CLOCK, f"{now} after {seen.at}")
    if size < seen.size:
        raise WitnessRefused(Refusal.SMALLER, f"{size} after {seen.size}")
    if size == seen.size and seen.size and root != seen.root:
        raise WitnessRefused(Refusal.FORK, f"at {size}")
    if seen.size and not verify_consistency(
        old=seen.size, new=size, old_root=seen.root, new_root=root, proof=proof
    ):
        raise WitnessRefused(Refusal.INCONSISTENT, f"{seen.size} to {size}")
    body = note.partition("\n\n")[0] + "\n"
    return Seen(size, root, now), key.cosign(body, at=at)


def _in_force(keys: Keys, now: str) -> Mapping[tuple[str, bytes], Mapping[str, Any]]:
    """The keys as they are now: of one in force it does not matter when it will end."""
    return {
        name: {**row, "until": "9" if row["since"] <= now < row["until"] else "0"}
        for name, row in keys.items()
    }
