"""Addresses of the auditor's pages."""

from __future__ import annotations

from django.urls import path

from tieline.web.audit import views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/who-saw/<str:number>/", views.who_saw, name="who_saw"),
]
