"""The forms of a page as a browser would send them, read from its HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

__all__ = ["PageForm", "forms_of", "questions_of"]


@dataclass(slots=True)
class PageForm:
    """One form: where it is sent, and what is in it when nobody typed anything."""

    action: str
    method: str
    said: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def with_(self, **typed: str) -> dict[str, list[str] | str]:
        """What is sent when this was typed."""
        return {**self.said, **typed}


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._form: PageForm | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.url, about.get("action", "")) or self.url
            self._form = PageForm(action, about.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(about.get("href", ""))
        elif self._form is not None:
            self._control(self._form, tag, about)

    def _control(self, form: PageForm, tag: str, about: dict[str, str]) -> None:
        name = about.get("name", "")
        if tag == "option" and self._select and "selected" in about:
            form.said[self._select] = [about.get("value", "")]
        if not name:
            return
        if name not in form.names:
            form.names.append(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
        elif tag == "input" and (
            about.get("type") not in ("checkbox", "radio") or "checked" in about
        ):
            form.said.setdefault(name, []).append(about.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.said[self._area] = [data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms_of(page: str, *, url: str) -> list[PageForm]:
    """All forms of a page."""
    return _read(page, url).forms


def questions_of(page: str, *, url: str) -> set[str]:
    """Every name that a page puts behind the `?` of an address."""
    read = _read(page, url)
    asked = {name for link in read.links for name in parse_qs(urlsplit(link).query, True)}
    return asked.union(*(form.names for form in read.forms if form.method == "get"))


def _read(page: str, url: str) -> _Reader:
    reader = _Reader(url)
    reader.feed(page)
    return reader
