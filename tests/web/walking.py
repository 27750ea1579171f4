"""What somebody of the cast is answered at every address there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.sampling import one_of, some
from tests.web.addresses import ADDRESSES, Address
from tests.web.cast import CAST, INQUIRY, sign_in, state
from tests.web.scene import Scene, notices, overlaps

from tieline.accounts.models import User
from tieline.accounts.tokens import make_token
from tieline.api.routes import API
from tieline.core.agreement.viewer import Purpose, Role, Viewer
from tieline.keeping.removal_holds import RemovalHold
from tieline.keeping.told_custodies import ToldCustody
from tieline.web.access import ACCESS, ANYBODY
from tieline.web.marks.words import NEW

__all__ = ["Answer", "by_pages", "by_programs", "called", "open_urls", "search_url"]

_LEADS_OUT = "account_logout"
_ALWAYS = (
    *("home", "search", "notices", "overlap", "requests", "releases", "emergencies", "review"),
    *("ledger", "record"),
)
"""Pages that somebody opens all day; on a record's own each meets all that is for him."""
_PAGES = 4
"""Of the others everybody opens every fourth, each another one."""
_SHUT: Final = 12
"""Of those that are for other roles, every twelfth."""
_SYSTEMS = ("patrol", "investigations", "partner")
_KINDS = ("person", "vehicle", "vessel", "phone", "address", "business")
_UNDER = {
    "investigations:lookout_new": "subject",
    "investigations:subject_new": "case",
    "patrol:subject_new": "event",
}
"""Pages that are under a record of another kind than that of their name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with whatever a reader of it could read."""

    url: str
    status: int
    text: str = field(repr=False)
    """The body and all headers, in small letters."""

    @classmethod
    def of(cls, url: str, said: HttpResponse) -> Answer:
        """As it came; what never ends is not waited for."""
        headers = "\n".join(f"{name}: {value}" for name, value in said.headers.items())
        body = "" if said.streaming else said.content.decode()
        return cls(url, said.status_code, f"{headers}\n\n{body}".casefold())


def by_pages(
    scene: Scene,
    viewer: Viewer,
    purpose: Purpose | None = INQUIRY,
    *,
    method: str = "get",
    every: int = _PAGES,
) -> Iterator[Answer]:
    """Pages that there are for the viewer's role, read; or forms of theirs, sent blank. A sample of
    them, and of what each may be about; all of both in `make soak` (`sampling`).

    Of those for other roles one page is enough, and of them a few: `test_access` tries them all.
    """
    client = sign_in(viewer, purpose)
    at = f"{viewer.number} {method} {purpose is None}"
    tried = {one.name for one in some(ADDRESSES, at, every=every)} | {*_ALWAYS}
    tried_though_shut = {one.name for one in some(ADDRESSES, f"{at} shut", every=_SHUT)}
    for one in ADDRESSES:
        allowed = ACCESS[one.name]
        shut = allowed is not ANYBODY and viewer.role not in allowed
        if one.name != _LEADS_OUT and one.name in (tried_though_shut if shut else tried):
            urls = list(_numbered(one, scene))
            if one.name != "record":
                urls = _sample(urls, f"{at} {one.name}")
            for answer in _one_name(client, method, urls, shut):
                yield answer
                if purpose is not None:
                    state(client, viewer, purpose)


def _sample(urls: Sequence[str], at: str) -> list[str]:
    """One at least, whatever it is about."""
    return some(urls, at) or one_of(urls, at)


def open_urls(scene: Scene, role: Role) -> Iterator[str]:
    """Every address that is open to the role."""
    for one in ADDRESSES:
        if role in (ACCESS[one.name] or frozenset()):
            yield from _numbered(one, scene)


def _one_name(client: Client, method: str, urls: Sequence[str], shut: bool) -> Iterator[Answer]:
    for url in urls[:1] if shut else urls:
        said = getattr(client, method)(url)
        yield Answer.of(url, said)
        if said.status_code == 405:
            return


def _numbered(one: Address, scene: Scene) -> Iterator[str]:
    """Each address of this name that leads to anything on the node."""
    if one.name == "release_recall":
        numbers = [number.replace("RQ", "RL") for number in scene.requests]
        yield from one.filled({"system": ["investigations", "partner"], "number": numbers})
        return
    if one.name in ("copy_destroyed", "copy_recall"):
        yield from one.filled({"system": ["investigations"], "number": scene.copies})
        return
    if one.name.startswith("mark_"):
        about = {"system": ["investigations"], "number": [scene.numbers["marked person"]]}
        yield from one.filled({**about, "mark": scene.marks, "what": tuple(NEW)})
        return
    if "system" in one.parts:
        for system in _SYSTEMS:
            yield from one.filled({"system": [system], "number": scene.of(system)})
        return
    system, _, page = one.name.rpartition(":")
    kind = _UNDER.get(one.name) or page.partition("_")[0]
    numbers = scene.of(system, kind) or _all_numbers(one.name, scene)
    yield from one.filled({"number": numbers, "kind": _KINDS})


def _all_numbers(name: str, scene: Scene) -> list[str]:
    if name.startswith("notice"):
        return notices()
    if name.startswith("overlap"):
        return overlaps()
    if name.startswith("desk_"):
        told = ToldCustody if "custody" in name else RemovalHold
        rows = told._default_manager.using("patrol").order_by("number")
        return list(rows.values_list("number", flat=True))
    if name.startswith(("request", "consent")):
        return scene.requests
    if name.startswith("emergenc"):
        return scene.emergencies
    if name.startswith("correction"):
        return scene.corrections
    if name.startswith("audit_review"):
        return scene.reviews
    if name.startswith("redress"):
        return scene.matters
    if name.startswith("finding"):
        return scene.findings
    if name == "assignment_end":
        return [one.assignment for one in CAST.values()]
    if name.startswith("person") or name == "assignment_new":
        return [one.number for one in CAST.values()]
    people = [text for one in CAST.values() for text in (one.number, one.assignment)]
    return [*scene.numbers.values(), *overlaps(), *notices(), *people]


@cache
def called() -> Mapping[str, Mapping[str, Any]]:
    """What there is to call: by path and method, as the API describes it."""
    found: Mapping[str, Mapping[str, Any]] = API.get_openapi_schema()["paths"]
    return found


def by_programs(scene: Scene, viewer: Viewer) -> Iterator[Answer]:
    """Every call of the API that reads, and those that write sent blank."""
    client, headers = Client(), {"Authorization": f"Bearer {_secret(viewer)}"}
    for path, methods in called().items():
        for method in methods:
            for url in _sample(list(_calls(path, scene)), f"{viewer.number} {method} {path}"):
                said = getattr(client, method)(
                    url, *_body(method), content_type="application/json", headers=headers
                )
                yield Answer.of(url, said)
                if said.status_code == 403:
                    break


def _secret(viewer: Viewer) -> str:
    user, now = User.objects.get(number=viewer.number), datetime.now(UTC)
    return make_token(
        user,
        assignment=user.assignments.get(),
        purpose=INQUIRY,
        expires_at=now + timedelta(days=1),
        at=now,
        by=viewer,
        name="the tests",
    )[1]


def _body(method: str) -> tuple[str, ...]:
    return (json.dumps({}),) if method == "post" else ()


def _calls(path: str, scene: Scene) -> Iterator[str]:
    if "{system}" in path:
        for system in _SYSTEMS:
            for number in scene.of(system):
                yield path.format(system=system, number=number)
    elif "{number}" in path:
        _, _, _, system, *of = path.split("/")
        kind = of[0].removesuffix("s")
        for number in scene.of(system, kind) or _all_numbers(system, scene):
            yield path.format(number=number)
    else:
        yield path


def search_url(text: str) -> str:
    """A search as the box of the page sends it."""
    return reverse("search", query={"q": text, "all": ""})
