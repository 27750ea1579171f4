"""Addresses of copies."""

from __future__ import annotations

from django.urls import path

from tieline.web.copies import acts, views

urlpatterns = [
    path("records/<slug:system>/<str:number>/copy/", acts.record_copy, name="record_copy"),
    path("copies/", views.copies, name="copies"),
    path(
        "copies/<slug:system>/<str:number>/destroyed/", acts.copy_destroyed, name="copy_destroyed"
    ),
    path("shown/", views.shown, name="shown"),
    path("shown/<slug:system>/<str:number>/recall/", acts.copy_recall, name="copy_recall"),
]
