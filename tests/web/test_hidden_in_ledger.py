"""What an auditor reads of looks: of a hidden record the same as of none, by every way (P26)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from tests.systems.signing_in import sans_nonce
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.accounts.models import User
from tieline.accounts.tokens import make_token
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line
from tieline.wiring.ledgers import LEDGERS

pytestmark = pytest.mark.database

CLAUSES: Final = ("", *(f"F{n:02}" for n in range(1, 12)))
# Label of the record, who looks in vain, and who audits him.
HIDDEN: Final = (
    ("victim", "investigator", "auditor"),
    ("sealed subject", "investigator", "auditor"),
    ("quiet person", "agent", "patrol's auditor"),
    ("silent lookout", "agent", "patrol's auditor"),
    ("informant", "agent", "patrol's auditor"),
    ("sealed case", "agent", "patrol's auditor"),
)
_MOMENT: Final = re.compile(r"<time.*?</time>", re.DOTALL)
_ROW: Final = re.compile(r"(patrol|investigations|exchange|accounts|partner)-[0-9a-f]{16}")
_OF_ONE_LOOK: Final = ("at", "request", "side")


def program(viewer: Viewer) -> tuple[Client, dict[str, str]]:
    user, now = User.objects.get(number=viewer.number), datetime.now(UTC)
    secret = make_token(
        user,
        assignment=user.assignments.get(),
        purpose=INQUIRY,
        expires_at=now + timedelta(days=1),
        at=now,
        by=viewer,
        name="the tests",
    )[1]
    return Client(), {"Authorization": f"Bearer {secret}"}


def read(auditor: Viewer) -> Iterator[str]:
    """Everything that an auditor can read of it, without what differs from any look to the next."""
    browser = sign_in(auditor, None)
    pages = [reverse("ledger", query={"clause": one}) for one in CLAUSES]
    for url in ("/", *pages, reverse("ledger", query={"event": Event.RECORD_REFUSED.value})):
        yield _ROW.sub("", _MOMENT.sub("", sans_nonce(browser.get(url).content.decode())))
    client, headers = program(auditor)
    for clause in CLAUSES:
        said = client.get("/api/v1/ledger", {"clause": clause}, headers=headers).json()
        for one in said["entries"]:
            assert re.fullmatch(r"[0-9a-f]{16}", one.pop("handle"))
            for name in _OF_ONE_LOOK:
                one.pop(name, None)
                one["entry"].pop(name, None)
        yield json.dumps(said["entries"], sort_keys=True)


def after_looking(who: str, auditor: str, system: str, number: str) -> list[str]:
    """What is read once somebody asked for the number; then it never was."""
    with ExitStack() as undone:
        for alias in connections:
            undone.enter_context(transaction.atomic(using=alias))
        assert sign_in(CAST[who]).get(reverse("record", args=(system, number))).status_code == 404
        found = list(read(CAST[auditor]))
        for alias in connections:
            transaction.set_rollback(True, using=alias)
    return found


def of_form(number: str) -> str:
    """A number of the same form under which there is nothing."""
    return re.sub(r"\d{4,6}(?=(-\d+)?$)", lambda one: "9" * len(one[0]), number)


@pytest.mark.parametrize(("label", "who", "auditor"), HIDDEN)
def test_a_look_at_a_hidden_record_is_read_as_one_at_none(
    scene: Scene, label: str, who: str, auditor: str
) -> None:
    system, number = scene.systems[label], scene.numbers[label]
    absent = of_form(number)
    assert absent not in scene.numbers.values()
    hidden, none = (after_looking(who, auditor, system, one) for one in (number, absent))
    assert hidden == none
    assert CAST[who].number in hidden[1]
    assert number.casefold() not in "".join(hidden).casefold()


@pytest.mark.parametrize("label", ["silent lookout", "quiet person"])
def test_the_owner_s_auditor_reads_who_tried_and_by_which_clause_he_was_refused(
    scene: Scene, label: str
) -> None:
    number = scene.numbers[label]
    sign_in(CAST["agent"]).get(reverse("record", args=("investigations", number)))
    clause = "F06" if label == "silent lookout" else "F01"
    page = sign_in(CAST["auditor"]).get(reverse("ledger"), {"clause": clause}).content.decode()
    assert number in page
    assert CAST["agent"].number in page


def test_no_page_and_no_program_is_told_how_long_a_ledger_is(scene: Scene) -> None:
    """Its growth would count what is hidden; so would the gaps between numbers."""
    ledger = LEDGERS["exchange"]
    viewer = CAST["auditor"]
    with transaction.atomic(using=EXCHANGE):
        sequences: list[int] = []
        while not sequences or sequences[-1] < 1_000:
            sequences += ledger.append(_noise(viewer, 500))
    page = sign_in(viewer, None).get(reverse("ledger"), {"system": "exchange"}).content.decode()
    client, headers = program(viewer)
    said = client.get("/api/v1/ledger", {"system": "exchange"}, headers=headers).content.decode()
    for text in (_MOMENT.sub("", page), said):
        assert "exchange" in text
        # A handle may begin with any digits.
        shown = set(re.findall(r"exchange\W{1,3}(\d+)(?![0-9a-f])", text))
        assert not shown & {str(one) for one in sequences[-60:]}
        assert f"~{sequences[-50]}" not in text
    home = sign_in(CAST["administrator"], None).get("/").content.decode()
    assert "ready" in home
    assert f"{ledger.size():,}" not in home


def _noise(viewer: Viewer, count: int) -> list[Line]:
    return [line(Event.NOTICE_READ, at=datetime.now(UTC), viewer=viewer) for _ in range(count)]
