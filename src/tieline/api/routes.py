"""The API as a whole: what can be called, by what it is opened, how it errs."""

from __future__ import annotations

from typing import Final

from ninja import NinjaAPI

from tieline import __version__
from tieline.api import (
    agreement,
    errors,
    ledger,
    marks,
    me,
    notices,
    records,
    requests,
    search,
    writes,
)
from tieline.api.caller import Token

__all__ = ["API"]

API: Final = NinjaAPI(
    title="tieline",
    version=__version__,
    description="The same answers as the pages, through the same door. Each call acts for the "
    "person, the assignment and the purpose of its token, and is in the ledger as theirs.",
    docs_url=None,
    urls_namespace="api:v1",
    auth=Token(),
)
for _name, _of in (
    ("who am I", me),
    ("search", search),
    ("records", records),
    ("notices", notices),
    ("requests", requests),
    ("entering", writes),
    ("marks", marks),
    ("audit", ledger),
    ("agreement", agreement),
):
    API.add_router("", _of.router, tags=[_name])
errors.hear(API)
