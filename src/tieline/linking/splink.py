"""What Splink has learned, taken over for the fields of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np

from tieline.core.matching.dedupe import Progress
from tieline.core.matching.feature import Feature
from tieline.core.matching.free import Cause, FreeModel
from tieline.core.matching.learn import Model, Shares, chance_shares
from tieline.core.matching.modelfile import BadModel
from tieline.files.table import Table
from tieline.linking.fieldmap import LinkMap
from tieline.linking.models import ModelFile, read_job, told
from tieline.linking.people import causes_of
from tieline.linking.understanding import Reference

__all__ = ["imported"]

_SEED: Final = 20120213
_LEAST: Final = 1e-4
"""A share that Splink has not learned, or has learned to be none."""


def imported(
    splink: Mapping[str, Any],
    tables: Sequence[Table],
    plan: LinkMap,
    reference: Reference,
    *,
    progress: Progress,
    at: datetime,
) -> tuple[ModelFile, list[str]]:
    """Take over what Splink learned, for the fields of a map; and say what was not taken over.

    Splink's levels are its user's, tieline's are its own: the first of each is taken for the
    first, the last for the last, and what lies between is shared out over what lies between. How
    often values agree by chance is counted on the files, as tieline's levels have it. Raises
    BadModel where the file is no model of Splink.
    """
    try:
        shares = {
            str(one["output_column_name"]): _of_splink(one["comparison_levels"])
            for one in splink["comparisons"]
        }
        odds = float(splink["probability_two_random_records_match"])
        prior = float(np.log2(odds / (1 - odds)))
    except (KeyError, TypeError, ValueError, ArithmeticError):
        raise BadModel(
            "this is no model of Splink", cure="write it there with linker.misc.save_model_to_json"
        ) from None
    job = read_job(tables, plan, reference, progress)
    features, fields = job.understood.features, job.understood.fields
    true, notes = [], []
    for feature, parts in zip(features, fields, strict=True):
        names = {
            feature.name,
            *(name for one in parts for name in (one.label, *one.left, *one.right)),
        }
        found = next((shares.pop(name) for name in sorted(names) if name in shares), None)
        if found is None:
            notes.append(f'Splink has no comparison "{feature.name}": it gets its usual shares')
        true.append(_spread(feature, found))
    notes += [f'no field of the map is compared as Splink compares "{name}"' for name in shares]
    every = job.every or job.sizes[0] * (job.sizes[0] - 1) / 2.0
    causes = causes_of(job.understood)
    weights = Model(tuple(true), chance_shares(features, *job.sizes, seed=_SEED), prior, 0)
    usual = float(np.log2(0.2 * min(job.sizes) / max(every, 1.0)))
    model = FreeModel(weights, causes, dict.fromkeys(Cause, usual), 0)
    return told(model, job, at=at, judged=0, source="Splink"), notes


def _of_splink(levels: Sequence[Mapping[str, Any]]) -> list[float]:
    told = [one for one in levels if not one.get("is_null_level")]
    return [max(float(one.get("m_probability", 0.0)), _LEAST) for one in told]


def _spread(feature: Feature, splink: Sequence[float] | None) -> Shares:
    """Shares of a feature's levels among true pairs, of Splink's levels in their order."""
    follows = np.array([level.follows for level in feature.levels])
    usual = np.where(follows, 0.0, [level.expected for level in feature.levels])
    if splink is not None and len(splink) > 1:
        first, *between, last = splink
        middle = usual[1:-1]
        if middle.sum():
            middle = middle / middle.sum() * max(sum(between), _LEAST)
        usual = np.array([first, *middle.tolist(), last])
    shares: Shares = np.where(follows, 1.0, usual / usual.sum())
    return shares
