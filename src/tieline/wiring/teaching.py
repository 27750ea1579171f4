"""A node's weights, learned of what its people judged, and adopted by whoever runs it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tieline.core.matching.online.judged import Learned, learn
from tieline.exchange.index.teaching import judged_pairs
from tieline.keeping.learned_weights import FILE
from tieline.settings import node
from tieline.wiring.folder import write_private
from tieline.wiring.systems import untaught_engine

__all__ = ["adopt_learned", "learn_of_node"]


def learn_of_node(*, at: datetime) -> Learned:
    """Learn of all judgements in the exchange. Raises NothingLearned."""
    return learn(list(judged_pairs(untaught_engine())), at=at)


def adopt_learned(learned: Learned) -> Path:
    """Have the node weigh by it; processes that run go on as they are until they are started anew.

    Links that were weighed before keep their scores and the version by which they were weighed,
    until one of their records changes.
    """
    file = node().folder / FILE
    write_private(file, learned.text())
    return file
