"""The signed text: prose and policies side by side, checked before anything is decided by it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final

from tieline.core.agreement.articles import Article, check_articles
from tieline.core.agreement.engine import AgreementRefused, Engine

__all__ = ["Agreement", "AgreementRefused", "Clause", "Party", "Section", "Signature"]

_POLICY: Final = re.compile(r'^@id\("([^"]+)"\)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Party:
    """An agency that signs, and the department it belongs to.

    An agency without a department names itself there: blank would make insiders of strangers.
    """

    agency: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What a clause says in words, and the statute, rule or memorandum it rests on."""

    prose: str
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is read together: articles and clauses, by their ids, in their order."""

    heading: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """That a person of a party signed the text with this digest.

    A statement; `signing.verify` holds its proof against the keys that are known.
    """

    agency: str
    by: str
    at: datetime
    digest: str
    proof: str = field(default="", repr=False)
    """64 bytes in base64; empty under a text that is only tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The protocol between agencies. In force over [in_force_from, in_force_until)."""

    id: str
    version: int
    title: str
    parties: tuple[Party, ...]
    in_force_from: datetime
    in_force_until: datetime
    review_on: date
    policies: str = field(repr=False)
    """Cedar text; each policy has an `@id`, and `clauses` holds its prose."""
    schema: str = field(repr=False)
    """Cedar's typed schema of what the policies may ask."""
    clauses: Mapping[str, Clause] = field(repr=False, hash=False)
    articles: Mapping[str, Article] = field(default_factory=dict, repr=False, hash=False)
    """What the parties owe each other beside what is told; no policy belongs to them."""
    sections: tuple[Section, ...] = field(default=(), repr=False, hash=False)
    """The order in which all of it is read; see `reading`."""
    signatures: tuple[Signature, ...] = field(default=(), hash=False)
    digest: str = field(init=False)
    """SHA-256 of the text that is signed, in one canonical form; signatures are no part of it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "clauses", MappingProxyType(dict(self.clauses)))
        object.__setattr__(self, "articles", MappingProxyType(dict(self.articles)))
        object.__setattr__(self, "digest", hashlib.sha256(self.canonical()).hexdigest())

    def canonical(self) -> bytes:
        """The bytes that are signed: JSON with sorted keys, UTC, and line ends of one kind."""
        text: dict[str, object] = {
            "format": "tieline agreement 1",
            "id": self.id,
            "version": self.version,
            "title": self.title,
            "parties": sorted([party.agency, party.department] for party in self.parties),
            "in_force_from": _moment(self.in_force_from),
            "in_force_until": _moment(self.in_force_until),
            "review_on": self.review_on.isoformat(),
            "policies": _lines(self.policies),
            "schema": _lines(self.schema),
            "clauses": {
                name: {"prose": _lines(clause.prose), "source": _lines(clause.source)}
                for name, clause in self.clauses.items()
            },
        }
        # A text that has none is written, and was signed, as before there were any.
        if self.articles:
            text["articles"] = {name: article.said for name, article in self.articles.items()}
        if self.sections:
            text["sections"] = [[_lines(one.heading), list(one.holds)] for one in self.sections]
        return json.dumps(text, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    def check(self) -> Engine:
        """Refuse the text, or give the engine that decides by it. Called at start.

        Raises `AgreementRefused`, which names the clause and says what to do.
        """
        self._check_frame()
        engine = Engine.checked(
            self.policies, self.schema, {name: said.prose for name, said in self.clauses.items()}
        )
        check_articles(self.articles, engine.ids.values())
        self._check_sections()
        return engine

    @property
    def reading(self) -> tuple[Section, ...]:
        """Every article and clause in the order in which it is read. What the text puts in no
        section comes last: articles, what is given, what may be released or opened in an emergency,
        what is forbidden.
        """
        held = {one for section in self.sections for one in section.holds}
        order = {"P": 0, "B": 1, "R": 2, "E": 3, "F": 4}
        clauses = sorted(self.clauses, key=lambda name: (order.get(name[:1], 5), name))
        left = (("Articles", sorted(self.articles)), ("Clauses", clauses))
        further = ((heading, [one for one in names if one not in held]) for heading, names in left)
        return (
            *self.sections,
            *(Section(heading, tuple(names)) for heading, names in further if names),
        )

    def policy_of(self, clause: str) -> str:
        """The policy of a clause as it stands in the text, "" where it has none."""
        begins = [(one.start(), one[1]) for one in _POLICY.finditer(self.policies)]
        ends = [*(start for start, _ in begins[1:]), len(self.policies)]
        for (start, name), end in zip(begins, ends, strict=True):
            if name == clause:
                lines = self.policies[start:end].rstrip().splitlines()
                while lines and (not lines[-1].strip() or lines[-1].startswith("//")):
                    lines.pop()
                return "\n".join(lines)
        return ""

    def signed(self, *, agency: str, by: str, at: datetime) -> Agreement:
        """The same text with one more statement under it, unproved: to be tried, not enforced."""
        one = Signature(agency=agency, by=by, at=at, digest=self.digest)
        return replace(self, signatures=(*self.signatures, one))

    @property
    def is_signed(self) -> bool:
        """Whether every party is said to have signed this very text; see `signing.verify`."""
        under = {sign.agency for sign in self.signatures if sign.digest == self.digest and sign.by}
        return bool(self.parties) and all(party.agency in under for party in self.parties)

    def in_force(self, at: datetime) -> bool:
        """Whether it binds at this moment; the last moment is no longer part of it."""
        return self.in_force_from <= at < self.in_force_until

    def department_of(self, agency: str) -> str | None:
        """The department of a party; None for an agency that is no party."""
        return next((p.department for p in self.parties if p.agency == agency), None)

    def _check_sections(self) -> None:
        held = [one for section in self.sections for one in section.holds]
        for at, one in enumerate(held):
            if one in held[:at] or (one not in self.articles and one not in self.clauses):
                raise AgreementRefused(
                    f"its sections name {one} twice, or there is none",
                    cure="Let each article and clause stand in one section.",
                )
        if not all(one.heading.strip() and one.holds for one in self.sections):
            raise AgreementRefused(
                "a section has no heading, or holds nothing", cure="Name it, or leave it out."
            )

    def _check_frame(self) -> None:
        agencies = [party.agency for party in self.parties]
        if not agencies or len(set(agencies)) < len(agencies):
            raise AgreementRefused(
                "the agreement names no party, or one twice", cure="Name each party once."
            )
        for party in self.parties:
            if not party.agency.strip() or not party.department.strip():
                raise AgreementRefused(
                    "a party has no name or no department",
                    cure="An agency without a department names itself there.",
                )
        if self.in_force_from.tzinfo is None or self.in_force_until.tzinfo is None:
            raise AgreementRefused(
                "the agreement's period has no time zone", cure="Write moments with an offset."
            )
        if self.in_force_from >= self.in_force_until:
            raise AgreementRefused(
                "the agreement ends before it begins", cure="Correct its period."
            )


def _lines(text: str) -> str:
    # A text that went through another system's line ends is still the text that was signed.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _moment(at: datetime) -> str:
    # Without a zone there is no one moment; `check` refuses such a text.
    return at.astimezone(UTC).isoformat() if at.tzinfo else at.isoformat()
