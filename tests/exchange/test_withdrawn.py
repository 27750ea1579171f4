"""What is withdrawn while somebody waits for the exchange's ledger is not told to him (P15)."""

from __future__ import annotations

from typing import Any, Final

import pytest
from tests.ledgers import had_first
from tests.people import AGENT, AT, CASE

from tieline.core.agreement.clauses import Agreement
from tieline.core.ledger.events import Event
from tieline.exchange.index.models import Link
from tieline.exchange.index.overlap import links_of, overlap
from tieline.exchange.notices.inbox import inbox
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.rows import LedgerRow

from .scene import directory, of_case, pointer, taken, told

pytestmark = pytest.mark.database

TOLD: Final = {Event.RECORD_SHOWN.value, Event.RECORD_READ.value, Event.NOTICE_READ.value}


@pytest.fixture
def asked(adopted: Agreement, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """By somebody who has to wait until the other record is withdrawn."""
    directory()
    told(pointer(), of_case())
    had_first(monkeypatch, lambda: taken(of_case().buried(version=2)))
    return {"viewer": AGENT, "agreement": adopted, "at": AT}


def tellings() -> int:
    return LedgerRow.objects.using(EXCHANGE).filter(event__in=TOLD).count()


def test_an_overlap(asked: dict[str, Any]) -> None:
    assert overlap(Link.objects.get().number, **asked, purpose=CASE) is None
    assert tellings() == 0


def test_who_holds_more(asked: dict[str, Any]) -> None:
    assert links_of("patrol", pointer().number, **asked, purpose=CASE) == ()
    assert tellings() == 0


def test_notices(asked: dict[str, Any]) -> None:
    assert inbox(**asked, purpose=None) == ()
    assert tellings() == 0
