"""The jobs on models, with the limits that are set and the lists that ship."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tieline.settings import Settings
from tieline.wiring.linking import Progress, hints_of, open_file, reference_lists

if TYPE_CHECKING:
    from tieline.files.table import Table
    from tieline.linking.fieldmap import LinkMap
    from tieline.linking.models import ModelFile

__all__ = ["import_splink", "train_model", "write_model"]


def train_model(
    files: Sequence[Path], map_path: Path, judgements: Path | None, *, progress: Progress
) -> ModelFile:
    """Learn a model of one file, or of two."""
    from tieline.linking.models import read_judgements, train

    plan, tables = _opened(files, map_path)
    return train(
        tables,
        plan,
        reference_lists(),
        judgements=[] if judgements is None else read_judgements(judgements),
        most_pairs=Settings().max_pairs,
        progress=progress,
        at=datetime.now(UTC),
    )


def import_splink(
    splink: Path, files: Sequence[Path], map_path: Path, *, progress: Progress
) -> tuple[ModelFile, list[str]]:
    """Take over what Splink learned; and say what was not taken over."""
    from tieline.core.matching.modelfile import BadModel
    from tieline.linking.splink import imported

    try:
        said = json.loads(splink.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadModel(
            f"{splink} cannot be read ({type(error).__name__})",
            cure="give the JSON file that Splink wrote",
        ) from None
    plan, tables = _opened(files, map_path)
    return imported(said, tables, plan, reference_lists(), progress=progress, at=datetime.now(UTC))


def write_model(model: ModelFile, path: Path) -> None:
    """Write a model to a file, whole or not at all, for its writer alone to read.

    Raises NotWritten.
    """
    from tieline.files.drafted import drafted

    with drafted(path) as draft:
        draft.touch(0o600)
        draft.write_text(model.text(), encoding="utf-8")


def _opened(files: Sequence[Path], map_path: Path) -> tuple[LinkMap, list[Table]]:
    from tieline.linking.mapfile import read_map

    plan = read_map(map_path, one_file=len(files) == 1)
    sides = (plan.left, plan.right)
    return plan, [open_file(file, hints_of(side)) for file, side in zip(files, sides, strict=False)]
