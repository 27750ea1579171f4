"""What every page shows around its content: who I am here, why I look, what needs me."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tieline.settings import node

__all__ = ["shell"]


def shell(request: HttpRequest) -> dict[str, Any]:
    """For templates; without a sign-in there is only the strip."""
    return {"demo": node().demo}
