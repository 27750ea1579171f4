"""What a node may be told from outside: its configuration file, and environment variables.

docs/settings.md names each. Secrets come by file, so that none stands in the configuration.
"""

from __future__ import annotations

import os
import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tieline.core.errors import TielineError
from tieline.core.mark_terms import LONGEST, MarkTerms

CONFIG: Final = "TIELINE_CONFIG"
"""The environment variable that names the configuration file."""
DATABASES: Final = ("accounts", "patrol", "investigations", "partner", "exchange")
WEB_SERVERS: Final = min(os.cpu_count() or 1, 4)
"""Python runs one thread at a time in a process, so a web server for each core, to a limit."""
_LEAST_SECRET: Final = 32
_MOST_DIGITS: Final = 18
# As the ledger writes it; another name would stop every entry.
_NAME: Final = re.compile("[a-z][a-z0-9-]{0,31}")
_WRITE_URL: Final = "write sqlite:FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
_KNOWN: Final = (
    "node",
    "secret_file",
    "zone",
    "demo",
    "partner_map",
    "web",
    "databases",
    "redress",
    "retention",
    "emergency",
    "marks",
)
_KNOWN_OF_WEB: Final = ("host", "port", "names", "https", "proxies")
_MOST_PROXIES: Final = 5
_MOST_YEARS: Final = 999
_MOST_DAYS: Final = 366
_REDRESS_DAYS: Final = {"acknowledge": 14, "decide": 42}


class BadSetting(TielineError):
    """A setting cannot be understood."""


def _number(name: str, default: int, *, least: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not plain or int(text) < least:
        raise BadSetting(
            f"{name} is {text!r}, which is not a whole number of at least {least}",
            cure=f"set {name} to a number such as {default}, or unset it",
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits in force, read once at start."""

    max_line_bytes: int = field(
        default_factory=lambda: _number("TIELINE_MAX_LINE_BYTES", 1 << 20, least=256)
    )
    max_pairs: int = field(
        default_factory=lambda: _number("TIELINE_MAX_PAIRS", 20_000_000, least=1000)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLimits:
    """How far somebody goes who opens a record because a life is in danger (docs/agreement.md)."""

    minutes: int = 60
    """For so long it is open; at most a day."""
    confirm_minutes: int = 60
    """Within them a second person confirms it; within the hour at most."""
    most_a_day: int = 3
    """So many records one person opens of one system, at most."""
    review_days: int = 3
    """Within them it is reviewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node as its configuration file describes it."""

    folder: Path
    """Where the databases, the keys and the agreement lie, unless the file says otherwise."""
    name: str = "one"
    secret: str = field(default="", repr=False)
    databases: Mapping[str, str] = field(default_factory=dict, repr=False)
    """A URL each: `sqlite:FILE` (relative to the folder) or `postgresql://…`."""
    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    """Host names by which the web server may be called."""
    https: bool = False
    """Cookies go over HTTPS only; to be set wherever the server is not on this very machine."""
    proxies: int = 0
    """How many proxies stand before the server, each of which adds who called it to the header."""
    zone: str = "America/Phoenix"
    demo: bool = False
    partner_map: Path | None = None
    retention: Mapping[str, int] = field(default_factory=dict)
    """Years by class of records, in place of those that ship (docs/retention.md)."""
    emergency: EmergencyLimits = EmergencyLimits()
    marks: MarkTerms = field(default_factory=MarkTerms)
    """How long marks wait for a second person, and stand until they are reviewed."""
    redress: Mapping[str, int] = field(default_factory=dict)
    """Days until a matter of redress is acknowledged, and decided."""

    def redress_days(self, step: str) -> int:
        """As set, else ten and thirty working days (5 USC 552a(d)(2), (3)), in weeks of seven."""
        return self.redress.get(step, _REDRESS_DAYS[step])

    @property
    def agreement(self) -> Path:
        """The agreement with its signatures, as it is delivered to each system of this node."""
        return self.folder / "agreement.json"

    @property
    def signers(self) -> Path:
        """The public keys of those who may sign an agreement, as the parties handed them over."""
        return self.folder / "signers.json"

    def url(self, database: str) -> str:
        """Where a database lies; a file in the node's folder where nothing else is said."""
        return self.databases.get(database) or f"sqlite:{database}.sqlite3"


def read_node(path: Path) -> Node:
    """Read a configuration file; raises `BadSetting` with what to do."""
    path = path.resolve()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSetting(f"there is no {path}", cure=f"tieline init {path.parent}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{path} cannot be read: {error}", cure="correct the file") from None
    web = _table(said, "web", path)
    folder = path.parent
    try:
        _refuse_unknown(said, _KNOWN)
        _refuse_unknown(web, _KNOWN_OF_WEB)
        partner = _text(said, "partner_map", "")
        return Node(
            folder=folder,
            name=_name(said),
            secret=_secret(folder / _text(said, "secret_file", "secret.key")),
            databases=_urls(_table(said, "databases", path), folder),
            host=_text(web, "host", "127.0.0.1"),
            port=_port(web.get("port", 8000)),
            names=_names(web),
            https=_truth(web, "https"),
            proxies=_proxies(web.get("proxies", 0)),
            zone=_zone(said),
            demo=_truth(said, "demo"),
            partner_map=folder / partner if partner else None,
            retention=_years(_table(said, "retention", path)),
            emergency=_limits(_table(said, "emergency", path)),
            marks=_terms(_table(said, "marks", path)),
            redress=_days(_table(said, "redress", path)),
        )
    except TypeError as error:
        raise BadSetting(f"{path}: {error}", cure="docs/settings.md tells each setting") from None


@cache
def node() -> Node:
    """This node; without a configuration file one that has nothing and opens nothing."""
    path = os.environ.get(CONFIG, "")
    return read_node(Path(path)) if path else Node(folder=Path("tieline-node").resolve())


def _table(said: Mapping[str, Any], name: str, path: Path) -> dict[str, Any]:
    table = said.get(name, {})
    if not isinstance(table, dict):
        raise BadSetting(f"{path}: {name} is no table", cure=f"write it as [{name}]")
    return table


def _text(said: Mapping[str, Any], name: str, default: str) -> str:
    value = said.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name} is not text")
    return value


def _refuse_unknown(said: Mapping[str, Any], known: tuple[str, ...]) -> None:
    # A setting with a slip in its name would be one that is not in force.
    for name in said:
        if name not in known:
            raise TypeError(f"{name} is no setting here; there are {', '.join(known)}")


def _name(said: Mapping[str, Any]) -> str:
    name = _text(said, "node", "one")
    if _NAME.fullmatch(name) is None:
        raise TypeError("node is no name of lower case letters, digits and hyphens")
    return name


def _zone(said: Mapping[str, Any]) -> str:
    zone = _text(said, "zone", "America/Phoenix")
    try:
        zoneinfo.ZoneInfo(zone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise TypeError("zone is no time zone such as America/Phoenix") from None
    return zone


def _names(web: Mapping[str, Any]) -> tuple[str, ...]:
    names = web.get("names", ["localhost", "127.0.0.1", "[::1]"])
    if not isinstance(names, list) or not all(isinstance(one, str) and one for one in names):
        raise TypeError("names is no list of host names")
    return tuple(names)


def _truth(said: Mapping[str, Any], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise TypeError(f"{name} is neither true nor false")
    return value


def _proxies(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_PROXIES:
        raise TypeError(f"proxies is no number from 0 to {_MOST_PROXIES}")
    return value


def _years(said: Mapping[str, Any]) -> dict[str, int]:
    for name, value in said.items():
        if type(value) is not int or not 1 <= value <= _MOST_YEARS:
            raise TypeError(f"retention.{name} is no number of years from 1 to {_MOST_YEARS}")
    return dict(said)


_MOST_OF_EMERGENCY: Final = {
    "minutes": 24 * 60,
    "confirm_minutes": 60,
    "most_a_day": 100,
    "review_days": 30,
}


def _limits(said: Mapping[str, Any]) -> EmergencyLimits:
    _refuse_unknown(said, tuple(_MOST_OF_EMERGENCY))
    for name, value in said.items():
        most = _MOST_OF_EMERGENCY[name]
        if type(value) is not int or not 1 <= value <= most:
            raise TypeError(f"emergency.{name} is no number from 1 to {most}")
    return EmergencyLimits(**said)


_WHY_NO_LONGER: Final = {
    "decide": "what is proposed about somebody closes his record, and must not lie",
    "gang_label": "a gang label is reviewed each year",
    "intelligence": "28 CFR 23.20(h): criminal intelligence is reviewed within five years",
}


def _terms(said: Mapping[str, Any]) -> MarkTerms:
    _refuse_unknown(said, tuple(LONGEST))
    for name, value in said.items():
        if type(value) is not int or not 1 <= value <= LONGEST[name]:
            raise TypeError(
                f"marks.{name} is no number of days from 1 to {LONGEST[name]}; it may be shorter, "
                f"never longer: {_WHY_NO_LONGER[name]}"
            )
    return MarkTerms(**said)


def _days(said: Mapping[str, Any]) -> dict[str, int]:
    for name, value in said.items():
        if name not in _REDRESS_DAYS:
            raise TypeError(f"redress.{name} is no setting; there are {', '.join(_REDRESS_DAYS)}")
        if type(value) is not int or not 1 <= value <= _MOST_DAYS:
            raise TypeError(f"redress.{name} is no number of days from 1 to {_MOST_DAYS}")
    return dict(said)


def _port(value: object) -> int:
    if type(value) is not int or not 0 <= value <= 65535:
        raise TypeError("port is no number from 0 to 65535")
    return value


def refuse_bad_url(database: str, url: str) -> None:
    """Raise `BadSetting` for what is no URL of a database; it repeats nothing of it."""
    if url.startswith("sqlite:"):
        if not url.removeprefix("sqlite:").strip():
            raise BadSetting(f"the URL of the database {database} names no file", cure=_WRITE_URL)
        return
    if not url.startswith(("postgresql://", "postgres://")):
        raise BadSetting(
            f"the URL of the database {database} is of no kind that tieline knows", cure=_WRITE_URL
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        # The library repeats the piece that it could not read, which may be of a password.
        raise BadSetting(
            f"the URL of the database {database} cannot be taken apart",
            cure=f"{_WRITE_URL}; in a password write / as %2F, # as %23, ? as %3F, [ as %5B",
        ) from None
    if not parts.path.strip("/"):
        raise BadSetting(f"the URL of the database {database} names no database", cure=_WRITE_URL)


def _urls(said: Mapping[str, Any], folder: Path) -> dict[str, str]:
    urls: dict[str, str] = {}
    for name, value in said.items():
        database = name.removesuffix("_file")
        if database not in DATABASES or not isinstance(value, str):
            raise TypeError(f"databases.{name}: the databases are {', '.join(DATABASES)}")
        if database in urls:
            raise TypeError(f"databases.{database} is said twice, here and by a file")
        urls[database] = _url_in(folder / value) if name.endswith("_file") else value
        if urls[database]:
            refuse_bad_url(database, urls[database])
    _refuse_shared(urls, folder)
    return urls


def _url_in(path: Path) -> str:
    url = _content(path)
    if not url:
        # Left out it would be a file beside the configuration, and nobody would know.
        raise BadSetting(f"{path} is empty", cure=f"write the database's URL into it: {_WRITE_URL}")
    return url


def _refuse_shared(urls: Mapping[str, str], folder: Path) -> None:
    """Each keeper has a database of its own, with a ledger of its own (decision 0001)."""
    there: dict[tuple[str, ...], str] = {}
    for database in DATABASES:
        place = _place_of(urls.get(database) or f"sqlite:{database}.sqlite3", folder)
        other = there.setdefault(place, database)
        if other != database:
            raise TypeError(
                f"two of the databases lie at one place: {other} and {database}; each needs its own"
            )


def _place_of(url: str, folder: Path) -> tuple[str, ...]:
    if url.startswith("sqlite:"):
        return (str((folder / url.removeprefix("sqlite:")).resolve()),)
    parts = urlsplit(url)
    hosts = parse_qs(parts.query).get("host", [parts.hostname or ""])
    return (*hosts, str(parts.port or ""), parts.path.strip("/"))


def _secret(path: Path) -> str:
    secret = _content(path)
    if len(secret) < _LEAST_SECRET:
        raise BadSetting(
            f"{path} holds fewer than {_LEAST_SECRET} signs", cure="write a longer random secret"
        )
    return secret


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            f"the secret in {path} cannot be read: {type(error).__name__}",
            cure=f"make the file, readable by this user alone: chmod 600 {path}",
        ) from None
