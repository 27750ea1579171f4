"""Statutes: many spellings of a section of the Immigration and Nationality Act or of a code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieline.core.values.ina import INA_OF_USC, USC_OF_INA
from tieline.core.values.placeholders import why_missing

_SPACES = re.compile(r"\s+")
# What stands ahead of the section. In order: the longer first.
_CFR = re.compile(
    r"(?P<title>\d{1,2})C\.?F\.?R\.?(?:PARTS?|PT\.?|§+|SEC(?:TION)?\.?)*(?P<rest>.+)", re.I
)
_USC = re.compile(
    r"(?:TITLE)?(?P<title>\d{1,2})(?:U\.?S\.?C\.?A?\.?|UNITEDSTATESCODE|:)"
    r"(?:§+|SEC(?:TION)?S?\.?|:)*(?P<rest>.+)",
    re.I,
)
_INA = re.compile(
    r"(?:I\.?N\.?A\.?|IMMIGRATIONANDNATIONALITYACT)?(?:§+|SEC(?:TION)?S?\.?)*(?P<rest>.+)", re.I
)
_SECTION = re.compile(r"\(?(?P<number>\d+)\)?(?P<letter>[A-Za-z](?:-\d)?)?(?P<path>.*)", re.DOTALL)
# "212a6Ai", "212a9CiII", "1325A1": (a)(1)(A)(i)(I), each level only under the one before it.
_COMPACT = re.compile(
    r"([A-Za-z])(?:0*(\d{1,2})(?:([A-Za-z])(?:([ivx]{1,5}|[IVX]{1,5}?)(?:([IVX]{1,5}))?)?)?)?"
)
# Titles of the United States Code end at 54, of the Code of Federal Regulations at 50.
_LAST_TITLE = 54
_GROUPS = re.compile(r"\(([A-Za-z0-9\-]*)\)")
_ROMAN = re.compile(r"[ivx]+", re.IGNORECASE)
# Sections of other titles whose letter is part of the number, not a paragraph.
_LETTERED = frozenset({"18:2252A", "18:1028A", "18:2339A", "18:2339B", "18:2260A", "18:2423A"})


@dataclass(frozen=True, slots=True)
class Statute:
    """A provision. `canonical` is one text for all spellings: `8 USC 1182(a)(6)(A)(i)`.

    Sections of the Immigration and Nationality Act are told by their place in title 8 of the
    United States Code; sections never codified there keep the name `INA`.
    """

    given: str
    title: str = ""
    code: str = ""
    section: str = ""
    path: tuple[str, ...] = ()
    problem: str = ""

    @property
    def canonical(self) -> str:
        """`8 USC 1182(a)(6)(A)(i)`, `19 CFR 118`; empty when not understood."""
        if not self.section:
            return ""
        ahead = f"{self.title} {self.code}" if self.title else self.code
        return f"{ahead} {self.section}{self._paragraphs}"

    @property
    def ina(self) -> str:
        """`INA 212(a)(6)(A)(i)` where the section is one of the Act; else empty."""
        if (self.title, self.code) != ("8", "USC") or self.section not in INA_OF_USC:
            return ""
        return f"INA {INA_OF_USC[self.section]}{self._paragraphs}"

    @property
    def _paragraphs(self) -> str:
        return "".join(f"({step})" for step in self.path)

    @classmethod
    def parse(cls, text: str) -> Statute:
        """Understand one statute.

        A section without a code's name is the Act's (`212a6Ai`), or title 8's where only that has
        it (`1326`). Zeros ahead and empty brackets, as the courts' tables have them, are dropped.
        """
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        bare = _SPACES.sub("", text[:200])
        cfr = _CFR.fullmatch(bare)
        if cfr is not None:
            return _of(text, cfr["title"], "CFR", cfr["rest"])
        usc = _USC.fullmatch(bare)
        if usc is not None:
            return _of(text, usc["title"], "USC", usc["rest"])
        ina = _INA.fullmatch(bare)
        return _of(text, "", "INA", ina["rest"] if ina else bare)


def _of(text: str, title: str, code: str, rest: str) -> Statute:
    found = _SECTION.fullmatch(rest)
    if found is None:
        return Statute(given=text, problem=f"{text[:40]!r} has no section's number")
    number, path_text = found["number"].lstrip("0"), found["path"]
    if not number or (title and not 1 <= int(title) <= _LAST_TITLE):
        return Statute(given=text, problem=f"{text[:40]!r} has a title or section not in use")
    letter = found["letter"] or ""
    lettered = _lettered(title, code, number, letter)
    if lettered:
        number = lettered
    else:
        path_text = letter + path_text
    if code == "CFR":
        return _of_regulation(text, title, number, path_text)
    path = _path(path_text)
    if path is None:
        return Statute(given=text, problem=f"{text[:40]!r} has paragraphs in no order known here")
    if code == "USC":
        return Statute(given=text, title=title.lstrip("0"), code=code, section=number, path=path)
    if number in USC_OF_INA:
        return Statute(given=text, title="8", code="USC", section=USC_OF_INA[number], path=path)
    if number in INA_OF_USC:
        return Statute(given=text, title="8", code="USC", section=number, path=path)
    return Statute(
        given=text, problem=f"{number[:12] or '0'} is no section of the Act or of title 8"
    )


def _lettered(title: str, code: str, number: str, letter: str) -> str:
    """The section whose number ends in the letter (8 USC 1324c, INA 274C); empty if none does."""
    if not letter:
        return ""
    if code == "INA":
        upper = number + letter.upper()
        # 240A and 274C are sections of the Act; but 245a in small letters is a paragraph of 245.
        if upper in USC_OF_INA and letter.isupper():
            return upper
    if code != "CFR" and title in ("", "8"):
        lower = number + letter.lower()
        return lower if lower in INA_OF_USC else ""
    same = number + letter
    return same if f"{title}:{same.upper()}" in _LETTERED else ""


def _of_regulation(text: str, title: str, number: str, rest: str) -> Statute:
    """Parts and sections of the Code of Federal Regulations: `19 CFR 118`, `8 CFR 287.3(d)`."""
    found = re.fullmatch(r"(\.\d+[a-z]?)?(.*)", rest, re.DOTALL)
    path = _path(found[2]) if found else None
    if found is None or path is None:
        return Statute(given=text, problem=f"{text[:40]!r} has paragraphs in no order known here")
    section = number + (found[1] or "")
    return Statute(given=text, title=title.lstrip("0"), code="CFR", section=section, path=path)


def _path(text: str) -> tuple[str, ...] | None:
    """The paragraphs, in the cases that drafting gives them; None when they cannot be read."""
    if not text:
        return ()
    if "(" in text:
        head, _, tail = text.partition("(")
        if _GROUPS.sub("", "(" + tail):
            return None
        groups = [head, *_GROUPS.findall("(" + tail)]
    else:
        compact = _COMPACT.fullmatch(text)
        if compact is None:
            return None
        groups = [group or "" for group in compact.groups()]
    steps = [group.lstrip("0") for group in groups]
    return tuple(_drafted(step, level) for level, step in enumerate(s for s in steps if s))


def _drafted(step: str, level: int) -> str:
    """One step in its level's case, (a)(1)(A)(i)(I), if it can stand at that level; else as is."""
    letter = len(step) == 1 and step.isalpha()
    if level == 0 and letter:
        return step.lower()
    if level == 2 and letter:
        return step.upper()
    if level in (3, 4) and _ROMAN.fullmatch(step):
        return step.lower() if level == 3 else step.upper()
    return step
