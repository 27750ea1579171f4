"""The bytes of a file: what kind they are, and how their text is encoded."""

from __future__ import annotations

import codecs
import gzip
import re
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from tieline.files.table import UnreadableTable

_CHUNK = 1 << 20
_SAMPLE = 1 << 16

_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
}
_FOREIGN = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a SQLite database",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Exports of this field come from Windows and mainframe systems of the Americas and of Europe.
_LIKELY = ["cp1252", "cp1250", "cp1251", "cp1254", "cp1256", "cp850", "gb18030", "shift_jis"]
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that cp1252 does not have."""


def kind_of(path: Path) -> str:
    """Say what a file holds: "text", "gzip", "parquet" or "workbook".

    Raises UnreadableTable where it is missing, no regular file, empty, forbidden or no table.
    """
    head = _head(path)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    for magic, words in _FOREIGN.items():
        if head.startswith(magic):
            raise UnreadableTable(
                path, f"this is {words}, not a table", cure="export the table as CSV or XLSX"
            )
    return "text"


def _head(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableTable(path, "this is a folder", cure="name the file inside it")
        if not stat.S_ISREG(mode):
            raise UnreadableTable(
                path, "this is no regular file", cure="save it as a file first: it is read twice"
            )
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError:
        raise UnreadableTable(path, "there is no such file", cure="check the path") from None
    except PermissionError:
        raise UnreadableTable(
            path, "you may not read this file", cure=f"ask its owner, or: chmod u+r '{path}'"
        ) from None
    except OSError as error:
        raise UnreadableTable(
            path, f"it cannot be read ({error.strerror})", cure="check the disk and the path"
        ) from None
    if not head:
        raise UnreadableTable(path, "the file is empty", cure="export it again")
    return head


def opener(path: Path, kind: str) -> Callable[[], BinaryIO]:
    """Give the way to open a text file's bytes, unpacked."""
    if kind == "gzip":
        return lambda: cast(BinaryIO, gzip.open(path, "rb"))
    return lambda: path.open("rb")


def encoding_of(path: Path, open_bytes: Callable[[], BinaryIO]) -> tuple[str, str]:
    """Find a text file's encoding: by its byte-order mark, as UTF-8, else by likelihood.

    The whole file is looked at, since one name on its last page may be the only one with an
    accent. Gives the encoding, and a note where it was only likely.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    suspect = b""
    first = b""
    try:
        with open_bytes() as file:
            while chunk := file.read(_CHUNK):
                if not first:
                    first = chunk[:4]
                    for mark, name in _BOMS:
                        if first.startswith(mark):
                            return name, ""
                    _refuse_binary(path, chunk[:4096])
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    start = max(error.start - _SAMPLE // 2, 0)
                    suspect = chunk[start : start + _SAMPLE]
                    break
            else:
                decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        suspect = b"\xe9"  # cut off in the middle of a character: nothing to judge by
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(path, error) from None
    if not suspect:
        return "utf-8", ""
    name = _likely(suspect)
    return name, (
        f"{path.name}: the text is not UTF-8 and was read as {name}; "
        f'if names look wrong, set encoding = "…" for this side in the map'
    )


def damaged(path: Path, error: Exception) -> UnreadableTable:
    """Say that a packed file is broken."""
    return UnreadableTable(
        path, f"the packed file is damaged or cut off ({error})", cure="fetch or export it again"
    )


def _refuse_binary(path: Path, head: bytes) -> None:
    if head.count(0) > len(head) // 10:
        raise UnreadableTable(
            path,
            "this is not text: it holds many zero bytes",
            cure='export it as CSV; if it is UTF-16 without a mark, set encoding = "utf-16-le"',
        )


def _likely(sample: bytes) -> str:
    # Accents stand singly in words of Latin letters: García, Muñoz. Where whole words are foreign,
    # the text is of another script, and the library is asked.
    words = re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", sample)
    foreign = sum(sum(byte >= 0x80 for byte in word) for word in words)
    if foreign <= 0.5 * sum(map(len, words)) and not _UNUSED.search(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LIKELY, explain=False).best()
    return best.encoding if best else "cp1252"


def known_encoding(path: Path, name: str) -> str:
    """Check an encoding that the user named."""
    try:
        # Codecs such as "hex" turn bytes into bytes: they are no encodings of text.
        "".encode(name)
        return codecs.lookup(name).name
    except LookupError:
        raise UnreadableTable(
            path,
            f'there is no encoding "{name}"',
            cure='use a name such as "utf-8", "cp1252", "latin-1" or "utf-16"',
        ) from None
