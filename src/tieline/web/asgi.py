"""The node as an ASGI application."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from tieline.web.bodies import BoundedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieline.django_settings")
application = BoundedBodies(get_asgi_application(), settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

# Models can be loaded only now. Under `tieline serve` the systems are at work already.
from tieline.wiring.systems import set_to_work_once  # noqa: E402

set_to_work_once()
