"""What numpy is told of the processor, before it is imported.

AMD's Zen 4 writes the chosen parts of a wide vector to memory by microcode, which is so slow that
numpy sorts five times as long by AVX-512 as by AVX2 there (Zen 5 and Intel have no such trouble).
A file of a million is sorted by its keys some thirty times.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

__all__ = ["SETTING", "mind_the_processor"]

SETTING: Final = "NPY_DISABLE_CPU_FEATURES"
"""numpy reads it when it is imported."""
_WIDE: Final = "X86_V4 AVX512_ICL"
"""AVX-512, as numpy calls it from 2.4 on."""
_NAMED_SO: Final = (2, 4)
_ZEN_3_AND_4: Final = 25
"""The family of both; of the two Zen 4 alone has AVX-512 (AMD, publication 57647)."""


def mind_the_processor(told: Path = Path("/proc/cpuinfo")) -> None:
    """Have numpy sort by AVX2 on a Zen 4, unless it is there already or somebody says otherwise."""
    if "numpy" in sys.modules or SETTING in os.environ:
        return
    try:
        text = told.read_text(encoding="ascii", errors="replace")
    except OSError:
        return  # another system, or a closed one: then as numpy itself thinks best
    from importlib.metadata import version  # late: the list of commands is told without it

    numpy = tuple(int(part) for part in version("numpy").split(".")[:2])
    if numpy >= _NAMED_SO and _is_zen_4(text):
        os.environ[SETTING] = _WIDE


def _is_zen_4(text: str) -> bool:
    said = dict(re.findall(r"^(vendor_id|cpu family|flags)\s*:\s*(.*)$", text, re.MULTILINE))
    return (
        said.get("vendor_id") == "AuthenticAMD"
        and said.get("cpu family") == str(_ZEN_3_AND_4)
        and "avx512f" in said.get("flags", "").split()
    )
