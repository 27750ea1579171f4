"""The job of joining two files by Spark, with the limits that are set and the lists that ship."""

from __future__ import annotations

from pathlib import Path

from tieline.settings import Settings
from tieline.wiring.linking import Progress, keep_apart, model_of, reference_lists

__all__ = ["link_with_spark"]


def link_with_spark(
    left: Path,
    right: Path,
    map_path: Path,
    *,
    master: str,
    out: Path | None,
    model: Path | None,
    progress: Progress,
) -> dict[str, object]:
    """Join two files, and write the folder of results if that is given; gives the figures."""
    from tieline.linking.mapfile import read_map
    from tieline.linking.spark.outputs import figures, write_links
    from tieline.linking.spark.run import SparkSettings, link_by_spark

    if out is not None:
        keep_apart(out, (left, right, map_path))
    found = link_by_spark(
        (left, right),
        read_map(map_path),
        reference_lists(),
        SparkSettings(master, Settings().max_pairs),
        model=model_of(model),
        progress=progress,
    )
    if out is not None:
        write_links(found, out)
    return figures(found)
