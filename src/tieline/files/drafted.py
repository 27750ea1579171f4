"""A file that is written beside the one whose place it takes, once it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tieline.files.whole import NotWritten, sweep, sync

__all__ = ["drafted", "is_one_table", "said_plainly"]


def is_one_table(out: Path) -> bool:
    """Whether what is asked for is one file, by the ending of its name, and not a folder."""
    return out.suffix.lower() in {".csv", ".parquet"}


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Give a path to write to, in a folder of its own; what is there in the end takes the place of
    the file. What a run that was killed left is removed by the next. Raises NotWritten.
    """
    if path.is_dir():
        raise NotWritten(f"{path} is a folder", cure="name a file, or a folder without such an end")
    if path.exists() and not path.is_file():
        raise NotWritten(f"{path} is no file that could be replaced", cure="name another for --out")
    begins = f".{path.name}.draft-"
    folder = path.with_name(f"{begins}{os.getpid()}")
    with said_plainly(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path.parent, begins)
            # While it is written it is nobody's else to read, whatever the file is then.
            folder.mkdir(mode=0o700)
            try:
                draft = folder / path.name.lower()
                yield draft
                sync(draft)
                draft.replace(path)
                sync(path.parent)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError as error:
            raise NotWritten(
                f"{path} was not written ({error.strerror or error}), and nothing was changed",
                cure="check the disk and who may write there, or name another file for --out",
            ) from None


@contextmanager
def said_plainly(target: Path) -> Iterator[None]:
    """A library's own words may quote values of the files: only its kind of error is told.

    Raises NotWritten.
    """
    import duckdb
    import pyarrow as pa
    import xlsxwriter.exceptions

    theirs = (duckdb.Error, pa.ArrowException, xlsxwriter.exceptions.XlsxWriterException)
    try:
        yield
    except theirs as error:
        full = "space" in str(error).lower()
        raise NotWritten(
            f"{target} was not written ({type(error).__name__}), and nothing was changed",
            cure="free some space" if full else "check the disk: df -h, and ulimit -f",
        ) from None
