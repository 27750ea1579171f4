"""Addresses of outliers, watched records and findings."""

from __future__ import annotations

from django.urls import path

from tieline.web.oversight import acts, views, watches
from tieline.web.oversight.outliers import outliers

urlpatterns = [
    path("ledger/outliers/", outliers, name="outliers"),
    path("ledger/watches/", watches.watches, name="watches"),
    path("ledger/watches/new/", watches.watch_new, name="watch_new"),
    path("ledger/watches/end/", watches.watches_end, name="watches_end"),
    path("findings/", views.findings, name="findings"),
    path("findings/new/", acts.finding_new, name="finding_new"),
    path("findings/<str:number>/", views.finding, name="finding"),
    path("findings/<str:number>/answer/", acts.finding_answer, name="finding_answer"),
    path("findings/<str:number>/return/", acts.finding_return, name="finding_return"),
    path("findings/<str:number>/close/", acts.finding_close, name="finding_close"),
]
