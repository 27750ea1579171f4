"""The pages of investigations on their own, with a stand-in for the record page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tieline.ui.parts import Agency, Shell, Stamp


def record(request: HttpRequest, system: str, number: str) -> HttpResponse:
    return HttpResponse(f"{system} {number}")


def shell(request: Any) -> dict[str, Any]:
    """What the web puts around every page."""
    return {
        "shell": Shell(
            assignment="TU · investigator",
            agency=Agency("Investigations"),
            stamp=Stamp(mark="SYNTHETIC", viewer="U-200", at=request.at),
        ),
        "demo": True,
    }


urlpatterns = [
    path("investigations/", include("tieline.systems.investigations.urls")),
    path("records/<str:system>/<path:number>", record, name="record"),
]
