"""Addresses of the auditor's pages."""

from __future__ import annotations

from django.urls import path

from tieline.web.audit import reviews, views
from tieline.web.audit.export import ledger_export
from tieline.web.audit.receipts import receipts

_REVIEW = "ledger/reviews/<str:number>/"

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/export/", ledger_export, name="ledger_export"),
    path("ledger/who-saw/<str:number>/", views.who_saw, name="who_saw"),
    path("ledger/receipts/", receipts, name="receipts"),
    path("ledger/reviews/", reviews.audit_reviews, name="audit_reviews"),
    path("ledger/reviews/new/", reviews.audit_review_new, name="audit_review_new"),
    path(_REVIEW, reviews.audit_review, name="audit_review"),
    path(f"{_REVIEW}sign/", reviews.audit_review_sign, name="audit_review_sign"),
    path(f"{_REVIEW}end/", reviews.audit_review_end, name="audit_review_end"),
]
