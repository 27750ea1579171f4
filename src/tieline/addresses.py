"""Every address of the node: those of programs, and the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from tieline.api import urls as api
from tieline.web import urls as pages

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include(api)),
    *pages.urlpatterns,
]

handler400 = pages.handler400
handler404 = pages.handler404
handler500 = pages.handler500
