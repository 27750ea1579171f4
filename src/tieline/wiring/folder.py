"""The folder of a node: configuration, key, the draft of the agreement; made anew or not at all."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tieline.core.agreement.clauses import Party
from tieline.core.agreement.document import read_agreement, written
from tieline.core.errors import TielineError
from tieline.core.ledger.entries import TEXTS
from tieline.files.whole_file import whole_file
from tieline.reference.agreement import model_agreement
from tieline.settings import DATABASES, BadSetting, refuse_bad_url
from tieline.wiring.opening import CONFIG_NAME

__all__ = [
    "BEGUN_NAME",
    "NodeExists",
    "NotReady",
    "begun_parties",
    "finish",
    "make_folder",
    "refuse_odd_codes",
    "write_private",
]

BEGUN_NAME: Final = "tieline.toml.begun"
"""The configuration while the node is made; a folder with no other one is no node yet."""
_KEY: Final = "secret.key"
_AGREEMENT: Final = "agreement.json"
_SIGNERS: Final = "signers.json"
_WRITTEN: Final = (
    *(BEGUN_NAME, CONFIG_NAME, _KEY, _AGREEMENT, _SIGNERS),
    *(f"{one}.url" for one in DATABASES),
)
_DRAFT: Final = re.compile(rf"\.({'|'.join(map(re.escape, _WRITTEN))})\.\d+")
"""As `whole_file` names a file until it is whole."""


class NodeExists(TielineError):
    """A node was to be made where one is."""


class NotReady(TielineError):
    """A node lacks something that it needs to serve."""


def refuse_odd_codes(parties: Sequence[Party], *, unit: str) -> None:
    """Raise `NotReady` for what no ledger could name, and for a party that is said twice."""
    shapes = [("agency", one.agency) for one in parties]
    # A department is told apart like an agency.
    shapes += [("agency", one.department) for one in parties]
    for name, code in [*shapes, ("unit", unit)]:
        shape = TEXTS[name]
        if len(code) > shape.most or re.fullmatch(shape.pattern, code) is None:
            raise NotReady(f"{code!r} cannot be a code here", cure=f"write {shape.says}")
    agencies = [one.agency for one in parties]
    if len(set(agencies)) < len(agencies):
        raise NotReady("a party is said twice", cure="say each agency once: --party")


def begun_parties(folder: Path) -> tuple[Party, ...]:
    """Those that an init was told that was interrupted; none where none was."""
    drafted = folder / _AGREEMENT
    if not (folder / BEGUN_NAME).exists() or not drafted.exists():
        return ()
    return read_agreement(drafted.read_text(encoding="utf-8")).parties


def make_folder(
    folder: Path,
    *,
    databases: Mapping[str, str],
    parties: Sequence[Party],
    demo: bool = False,
    name: str = CONFIG_NAME,
) -> Path:
    """Write configuration, key and the draft of the agreement; gives the configuration's path.

    `databases` says `NAME` with a URL, or `NAME_file` with the path of a file that holds it; where
    it says nothing, an init that was interrupted goes on with what it was told. A URL with a
    password goes into a file of its own. Raises `NodeExists` for a folder that holds a node or
    anything else, and `NotReady` where it cannot be written.
    """
    if (folder / CONFIG_NAME).exists():
        raise NodeExists(f"{folder / CONFIG_NAME} is there already", cure="name another folder")
    said, secrets_of = _apart(databases, folder)
    if not demo:
        _refuse_foreign(folder, [one for name, one in said.items() if name.endswith("_file")])
    config = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _clear_drafts(folder)
        # First of all: by it an init that is called again knows that the rest is of an init.
        if said or not config.exists():
            write_private(config, _configuration(said, demo=demo))
        if not (folder / _KEY).exists():
            write_private(folder / _KEY, secrets.token_urlsafe(48) + "\n")
        for file, url in secrets_of.items():
            write_private(folder / file, url + "\n")
        write_private(folder / _AGREEMENT, written(model_agreement(parties=parties)))
    except OSError as error:
        raise NotReady(
            f"{folder} cannot be made: {error.strerror}",
            cure="name a folder that this user may make and write to",
        ) from None
    return config


def finish(begun: Path) -> Path:
    """A node from now on: the configuration gets its name."""
    return begun.replace(begun.with_name(CONFIG_NAME))


def _apart(databases: Mapping[str, str], folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What the configuration says of databases, and files with URLs that hold a password."""
    said: dict[str, str] = {}
    files: dict[str, str] = {}
    for name, value in databases.items():
        if name.endswith("_file"):
            path = Path(value).absolute()
            if not path.is_file():
                raise BadSetting(
                    f"there is no {path}",
                    cure=f"write the URL of {name.removesuffix('_file')} "
                    "into it, and make it readable by this user alone",
                )
            inside = path.parent == folder.absolute()
            said[name] = path.name if inside else str(path)
            continue
        refuse_bad_url(name, value)
        if urlsplit(value).password:
            said[f"{name}_file"] = f"{name}.url"
            files[f"{name}.url"] = value
        else:
            said[name] = value
    return said, files


def _refuse_foreign(folder: Path, ours: Sequence[str]) -> None:
    """Only an empty folder becomes a node, or one in which an init was interrupted."""
    if (folder / BEGUN_NAME).exists() or not folder.exists():
        return
    for path in folder.iterdir() if folder.is_dir() else [folder]:
        if path.name not in ours and not _DRAFT.fullmatch(path.name):
            raise NodeExists(
                f"{folder} holds something that no init made: {path.name}",
                cure="name another folder, which is empty or not there yet",
            )


def _clear_drafts(folder: Path) -> None:
    """What is left of files that were not written to their end; there are secrets among them."""
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name):
            path.unlink()


def _configuration(databases: Mapping[str, str], *, demo: bool) -> str:
    lines = [
        "# A tieline node. docs/settings.md tells each setting.",
        'node = "one"',
        'secret_file = "secret.key"',
        'zone = "America/Phoenix"',
        f"demo = {str(demo).lower()}",
        "",
        "[web]",
        'host = "127.0.0.1"',
        "port = 8000",
        'names = ["localhost", "127.0.0.1", "[::1]"]',
        "# true wherever the server is reached over a network, which must be over HTTPS",
        "https = false",
        "",
        "[databases]",
        '# sqlite:FILE or postgresql://…; NAME_file = "…" reads the URL from a file',
        *(f"{name} = {_quoted(url)}" for name, url in databases.items()),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and for this user alone."""
    with whole_file(path) as handle:
        handle.write(text.encode())
