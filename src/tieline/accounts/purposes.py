"""Asks for a purpose where one is needed and none was stated (P3)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

__all__ = ["ask_purpose"]


def ask_purpose(request: HttpRequest) -> HttpResponse:
    """To the form of the purpose, and from there back to where somebody wanted to go."""
    return redirect(f"{reverse('purpose')}?{urlencode({'next': request.get_full_path()})}")
