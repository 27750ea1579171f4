"""The map, read from its file."""

from __future__ import annotations

from pathlib import Path

from tieline.linking.fieldmap import BadMap, LinkMap, parse_map

_LARGEST = 1 << 20


def read_map(path: Path, *, one_file: bool = False) -> LinkMap:
    """Read and check a map; `one_file` where both sides are one file. Raises BadMap."""
    try:
        if path.is_dir():
            raise BadMap(f"{path} is a folder", cure="name the map's file: --map MAP.toml")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise BadMap(
            f"{path}: there is no such file",
            cure=f"tieline link --suggest LEFT RIGHT > {path.name} writes a first map",
        ) from None
    except OSError as error:
        raise BadMap(f"{path} cannot be read ({error.strerror})", cure="check the path") from None
    if len(data) > _LARGEST:
        raise BadMap(f"{path} is far too large for a map", cure="name the map's file, not a table")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadMap(f"{path} is not UTF-8 text", cure="save the map as UTF-8") from None
    return parse_map(text, name=path.name, one_file=one_file)
