"""The tables that stand in every keeper's database, gathered for Django."""

from tieline.keeping.agreements import AdoptedAgreement
from tieline.keeping.classes import PolicyClass
from tieline.keeping.heads import RecordHead, RecordKey, RecordVersion
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.releases import ReleaseRow
from tieline.keeping.rows import (
    LedgerCheckpoint,
    LedgerHead,
    LedgerNode,
    LedgerRow,
    LedgerSeen,
    LedgerSide,
    LedgerStaged,
)

__all__ = [
    "AdoptedAgreement",
    "LedgerCheckpoint",
    "LedgerHead",
    "LedgerNode",
    "LedgerRow",
    "LedgerSeen",
    "LedgerSide",
    "LedgerStaged",
    "OutboxRow",
    "PolicyClass",
    "RecordHead",
    "RecordKey",
    "RecordVersion",
    "ReleaseRow",
]
