"""Every address of the API; what is none answers like what may not be told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tieline.api import errors
from tieline.api.page import docs
from tieline.api.routes import API

__all__ = ["app_name", "urlpatterns"]


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """An address that is none."""
    return errors.told(404, errors.NOTHING)


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/docs", docs, name="docs"),
    path("v1/", API.urls),
    re_path("", nothing, name="nothing"),
]
