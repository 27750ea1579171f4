"""Fetch what the pages take from elsewhere, and write it down with its licence and its hash.

    python scripts/vendor.py

For the house's own people, once per release of a part: it needs npm and a network. The files lie
in src/tieline/ui/static/tieline/vendor/ and are committed; whoever runs tieline needs neither.
Of USWDS we take the colors, as custom properties, and three weights of its typeface.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "src/tieline/ui/static/tieline/vendor"
FAMILIES = ("gray-cool", "blue", "red", "gold", "green", "cyan", "violet", "orange")
GRADE = re.compile(r"^\s*(?P<grade>\d+):\s*(?P<color>#[0-9a-f]{6}),$", re.MULTILINE)


class NotAsWritten(Exception):
    """What came is not what this file says."""


@dataclass(frozen=True)
class Part:
    """One package: what npm must answer, and which of its files are taken under which name."""

    package: str
    version: str
    integrity: str
    license: str
    files: dict[str, str]


USWDS = Part(
    package="@uswds/uswds",
    version="3.14.0",
    integrity="sha512-kwZ50TqGszxj3+MQhm+c84hI0y8rIKoc7ZLKbuHg+8rTkFisp9lXOMRD2wclyyuYZahpADxMvaP"
    "ong7bwL7cew==",
    license="public domain and CC0-1.0; the typeface: OFL-1.1",
    files={
        "LICENSE.md": "uswds-license.md",
        "dist/fonts/public-sans/PublicSans-Regular.woff2": "public-sans-regular.woff2",
        "dist/fonts/public-sans/PublicSans-Italic.woff2": "public-sans-italic.woff2",
        "dist/fonts/public-sans/PublicSans-SemiBold.woff2": "public-sans-semibold.woff2",
    },
)
# The package of USWDS names the license of its typeface and does not hold its text.
PUBLIC_SANS = Part(
    package="@fontsource/public-sans",
    version="5.3.0",
    integrity="sha512-kjODI0S3zdv0mBYCIQ8TbBayaiqszpc2UbhJiO3bjIqVVXzcWfHSt2o3WBCLOY3juaGaQoy4MoW"
    "CcgmfI5hCuA==",
    license="OFL-1.1",
    files={"LICENSE": "public-sans-license.txt"},
)


def fetched(part: Part, folder: Path) -> Path:
    """The archive of a part, if it is to the byte what this file says."""
    done = subprocess.run(
        ["npm", "pack", "--json", f"{part.package}@{part.version}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    [answer] = json.loads(done.stdout)
    archive = folder / str(answer["filename"]).replace("@", "").replace("/", "-")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != part.integrity:
        raise NotAsWritten(f"{part.package} {part.version} has the integrity sha512-{digest}")
    return archive


def text_of(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of an npm package; all of them lie in a folder `package`."""
    found = archive.extractfile(f"package/{name}")
    if found is None:
        raise NotAsWritten(f"{name} is not in the package")
    return found.read()


def colors(archive: tarfile.TarFile) -> str:
    """The palette as custom properties: --gray-cool-60, --blue-60v for the vivid grade."""
    lines = [":root {"]
    for family in FAMILIES:
        path = f"packages/uswds-core/src/styles/tokens/color/_{family}.scss"
        plain, _, vivid = text_of(archive, path).decode().partition('"vivid"')
        grades = [(found["grade"], found["color"]) for found in GRADE.finditer(plain)]
        grades += [(f"{found['grade']}v", found["color"]) for found in GRADE.finditer(vivid)]
        if not grades:
            raise NotAsWritten(f"the colors of {family} are written differently now")
        lines += [f"  --{family}-{grade}: {color};" for grade, color in grades]
    return "\n".join([*lines, "}", ""])


def entry(part: Part, names: list[str]) -> dict[str, object]:
    return {
        "package": part.package,
        "version": part.version,
        "license": part.license,
        "integrity": part.integrity,
        "files": [
            {"file": name, "sha256": hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()}
            for name in sorted(names)
        ],
    }


def main() -> int:
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = []
    for part in (USWDS, PUBLIC_SANS):
        with (
            tempfile.TemporaryDirectory() as folder,
            tarfile.open(fetched(part, Path(folder))) as archive,
        ):
            for source, name in part.files.items():
                (VENDOR / name).write_bytes(text_of(archive, source))
            names = list(part.files.values())
            if part is USWDS:
                (VENDOR / "uswds-colors.css").write_text(colors(archive), encoding="utf-8")
                names.append("uswds-colors.css")
        manifest.append(entry(part, names))
    text = json.dumps({"parts": manifest}, indent=2) + "\n"
    (VENDOR / "MANIFEST.json").write_text(text, encoding="utf-8")
    print(f"{sum(len(part.files) for part in (USWDS, PUBLIC_SANS)) + 1} files in {VENDOR.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
