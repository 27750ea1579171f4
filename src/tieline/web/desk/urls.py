"""Addresses of the protection desk."""

from __future__ import annotations

from django.urls import path

from tieline.web.desk import acts, custodies, precautions, shown, sources, views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/holds/<str:number>/", views.hold, name="desk_hold"),
    path("desk/holds/<str:number>/called/", acts.called, name="desk_hold_called"),
    path("desk/holds/<str:number>/clear/", acts.clear, name="desk_hold_clear"),
    path("desk/custodies/<str:number>/", custodies.custody, name="desk_custody"),
    path("desk/custodies/<str:number>/called/", custodies.called, name="desk_custody_called"),
    path(
        "desk/records/<slug:system>/<str:number>/precautions/",
        precautions.precautions,
        name="desk_precautions",
    ),
    path(
        "desk/records/<slug:system>/<str:number>/precautions/<str:listing>/end/",
        precautions.end,
        name="desk_precaution_end",
    ),
    path("desk/records/<slug:system>/<str:number>/told/", shown.shown, name="desk_shown"),
    path("desk/records/<slug:system>/<str:number>/sources/", sources.sources, name="desk_sources"),
    path(
        "desk/records/<slug:system>/<str:number>/sources/<str:listing>/end/",
        sources.end,
        name="desk_source_end",
    ),
]
