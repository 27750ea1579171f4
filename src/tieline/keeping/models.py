"""The tables that stand in every keeper's database, gathered for Django."""

from tieline.keeping.agreements import AdoptedAgreement
from tieline.keeping.bare_precautions import BarePrecaution
from tieline.keeping.classes import PolicyClass
from tieline.keeping.copies import CopyRow
from tieline.keeping.corrections import Correction
from tieline.keeping.custody_news import CustodyNews
from tieline.keeping.emergencies import EmergencyRow
from tieline.keeping.graves import Grave
from tieline.keeping.heads import RecordHead, RecordKey, RecordVersion
from tieline.keeping.holds import LegalHold
from tieline.keeping.listed_sources import ListedSource
from tieline.keeping.marks import MarkRow
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.receipts import ReceiptBatch, ReceiptMark, ReceiptRow
from tieline.keeping.releases import ReleaseRow
from tieline.keeping.removal_holds import RemovalHold
from tieline.keeping.rows import (
    LedgerCheckpoint,
    LedgerHead,
    LedgerNode,
    LedgerRow,
    LedgerSeen,
    LedgerSide,
    LedgerStaged,
)
from tieline.keeping.search_keys import SearchKeys
from tieline.keeping.stamps import StampRow
from tieline.keeping.statements import StatementRow
from tieline.keeping.told_custodies import ToldCustody
from tieline.keeping.uses import ClauseDay, ClauseMark

__all__ = [
    "AdoptedAgreement",
    "BarePrecaution",
    "ClauseDay",
    "ClauseMark",
    "CopyRow",
    "Correction",
    "CustodyNews",
    "EmergencyRow",
    "Grave",
    "LedgerCheckpoint",
    "LedgerHead",
    "LedgerNode",
    "LedgerRow",
    "LedgerSeen",
    "LedgerSide",
    "LedgerStaged",
    "LegalHold",
    "ListedSource",
    "MarkRow",
    "OutboxRow",
    "PolicyClass",
    "ReceiptBatch",
    "ReceiptMark",
    "ReceiptRow",
    "RecordHead",
    "RecordKey",
    "RecordVersion",
    "ReleaseRow",
    "RemovalHold",
    "SearchKeys",
    "StampRow",
    "StatementRow",
    "ToldCustody",
]
