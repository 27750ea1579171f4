"""Addresses of the units' pages; a unit's code may hold a slash, TCA/NGL."""

from __future__ import annotations

from django.urls import path

from tieline.web.units import acts, views

urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/new/", acts.unit_new, name="unit_new"),
    path("units/<path:number>/rename/", acts.unit_rename, name="unit_rename"),
    path("units/<path:number>/duty/new/", acts.duty_new, name="duty_new"),
    path("units/<path:number>/duty/end/", acts.duty_end, name="duty_end"),
    path("units/<path:number>/", views.unit, name="unit"),
]
