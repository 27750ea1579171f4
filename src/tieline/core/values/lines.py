"""Many texts as the bytes of one, so that all are looked at at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

__all__ = ["END", "Flags", "Lines"]

Flags = npt.NDArray[np.bool_]

END: Final = 10
"""A line feed."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts laid end to end, a line feed behind each."""

    whole: bytes
    signs: npt.NDArray[np.uint8]
    start: npt.NDArray[np.intp]
    end: npt.NDArray[np.intp]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self | None:
        """As UTF-8; None where a text has a line feed in it, or there is none."""
        made = cls._laid(texts, "utf-8", "surrogatepass")
        return made if len(texts) and len(made.end) == len(texts) else None

    @classmethod
    def parted(
        cls, texts: Sequence[str], encoding: str = "utf-8", errors: str = "surrogatepass"
    ) -> Self:
        """For what takes a line feed in a text for a blank."""
        made = cls._laid(texts, encoding, errors)
        if len(made.end) == len(texts):
            return made
        return cls._laid([text.replace("\n", " ") for text in texts], encoding, errors)

    @classmethod
    def _laid(cls, texts: Sequence[str], encoding: str, errors: str) -> Self:
        whole = "\n".join([*texts, ""]).encode(encoding, errors)
        signs = np.frombuffer(whole, np.uint8)
        end = np.flatnonzero(signs == END)
        return cls(whole, signs, np.append(0, end[:-1] + 1)[: len(end)], end)

    @property
    def length(self) -> npt.NDArray[np.intp]:
        """Bytes of each text."""
        return self.end - self.start

    def count(self, wanted: bytes) -> npt.NDArray[np.int32]:
        """How many of these signs stand in each text."""
        among = np.zeros(256, np.bool_)
        among[list(wanted)] = True
        return self.counted(among[self.signs])

    def has_only(self, allowed: bytes) -> Flags:
        """Whether no other sign stands in a text."""
        found: Flags = self.count(allowed) == self.length
        return found

    def is_no_filler(self) -> Flags:
        """Whether a digit but 0 is followed by one that neither repeats it nor counts on.

        Numbers without that may be fillers: one sign over and over, or counted up or down.
        """
        step = np.diff(self.signs.astype(np.int16), append=np.int16(END))
        odd = (step != 0) & (step != 1) & (step != -1) & (step != -9)
        among = np.zeros(256, np.bool_)
        among[list(b"123456789")] = True
        odd &= among[self.signs]
        # What follows the last sign is the line feed.
        odd[self.end - 1] = False
        found: Flags = self.counted(odd) > 0
        return found

    def counted(self, marked: Flags) -> npt.NDArray[np.int32]:
        """How many bytes of each text are marked."""
        sums = np.cumsum(marked, dtype=np.int32)[self.end]
        return np.diff(sums, prepend=np.int32(0))
