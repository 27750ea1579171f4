"""Addresses of marks."""

from __future__ import annotations

from django.urls import path

from tieline.web.marks import acts, views

_AT = "records/<slug:system>/<str:number>/marks/"

urlpatterns = [
    path(_AT, views.marks, name="marks"),
    path(f"{_AT}new/<str:what>/", acts.mark_new, name="mark_new"),
    path(f"{_AT}<str:mark>/approve/", acts.mark_approve, name="mark_approve"),
    path(f"{_AT}<str:mark>/review/", acts.mark_review, name="mark_review"),
    path(f"{_AT}<str:mark>/end/", acts.mark_end, name="mark_end"),
]
