"""Every address of the node."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from tieline.web.account.urls import urlpatterns as account
from tieline.web.agreement import views as agreement
from tieline.web.agreement.comparing import agreement_compare
from tieline.web.audit.urls import urlpatterns as audit
from tieline.web.copies.urls import urlpatterns as copies
from tieline.web.corrections.urls import urlpatterns as corrections
from tieline.web.desk.urls import urlpatterns as desk
from tieline.web.health import healthz, readyz
from tieline.web.home import views as home
from tieline.web.marks.urls import urlpatterns as marks
from tieline.web.notices import events
from tieline.web.notices import views as notices
from tieline.web.oversight.urls import urlpatterns as oversight
from tieline.web.people.urls import urlpatterns as people
from tieline.web.records import views as records
from tieline.web.redress.urls import urlpatterns as redress
from tieline.web.review.urls import urlpatterns as review
from tieline.web.search import views as search
from tieline.web.sharing.urls import urlpatterns as sharing
from tieline.web.units.urls import urlpatterns as units

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("search/", search.search, name="search"),
    path("records/<slug:system>/<str:number>/", records.record, name="record"),
    path("records/<slug:system>/<str:number>/history/", records.history, name="record_history"),
    path("records/<slug:system>/<str:number>/seers/", records.seers, name="record_seers"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<str:number>/acknowledge/", notices.acknowledge, name="notice_acknowledge"),
    path("overlaps/<str:number>/", notices.overlap, name="overlap"),
    path("overlaps/<str:number>/judge/", notices.judge, name="overlap_judge"),
    path("events/", events.events, name="events"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/compare/", agreement_compare, name="agreement_compare"),
    path("investigations/", include("tieline.systems.investigations.urls")),
    path("patrol/", include("tieline.systems.patrol.urls")),
    *account,
    *audit,
    *desk,
    *copies,
    *corrections,
    *marks,
    *oversight,
    *people,
    *redress,
    *review,
    *sharing,
    *units,
]

handler400 = "tieline.web.errors.bad_request"
handler404 = "tieline.web.errors.not_found"
handler500 = "tieline.web.errors.server_error"
