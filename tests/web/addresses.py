"""Every page's address, read from the URL map itself: a page that is new is tried unasked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

__all__ = ["ADDRESSES", "Address", "every_address"]

_API: Final = "api"
"""It has a list of its own, and tests of its own (`tests/api`)."""


@dataclass(frozen=True, slots=True)
class Address:
    """A page's name, with what stands in its address."""

    name: str
    parts: tuple[str, ...]

    def filled(self, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """Each address that these values make; a part that nobody has values for has `number`s."""
        of_parts = (values.get(part) or values["number"] for part in self.parts)
        for chosen in product(*of_parts):
            yield reverse(self.name, kwargs=dict(zip(self.parts, chosen, strict=True)))


def every_address() -> Iterator[Address]:
    """All pages of the node; each must have a name, or no rule could be stated for it."""
    yield from _under(get_resolver(), "", ())


def _under(resolver: URLResolver, spaces: str, parts: tuple[str, ...]) -> Iterator[Address]:
    for one in resolver.url_patterns:
        pattern = one.pattern
        here = (*parts, *pattern.converters) if isinstance(pattern, RoutePattern) else parts
        if isinstance(one, URLPattern):
            yield Address(f"{spaces}{one.name or ''}", here)
        elif one.namespace != _API:
            yield from _under(one, f"{spaces}{one.namespace}:" if one.namespace else spaces, here)


ADDRESSES: Final = tuple(every_address())
