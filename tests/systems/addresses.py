"""The pages of the systems on their own, with stand-ins for what the web adds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tieline.ui.parts import Agency, Shell, Stamp


def record(request: HttpRequest, system: str, number: str) -> HttpResponse:
    return HttpResponse(f"{system} {number}")


def purpose(request: HttpRequest) -> HttpResponse:
    return HttpResponse("What do you look for?")


def shell(request: Any) -> dict[str, Any]:
    """What the web puts around every page."""
    return {
        "shell": Shell(
            assignment="NGL · agent",
            agency=Agency("Patrol"),
            stamp=Stamp(mark="SYNTHETIC", viewer="U-100", at=request.at),
        ),
        "demo": True,
    }


urlpatterns = [
    path("investigations/", include("tieline.systems.investigations.urls")),
    path("patrol/", include("tieline.systems.patrol.urls")),
    path("records/<str:system>/<path:number>", record, name="record"),
    path("purpose/", purpose, name="purpose"),
]
