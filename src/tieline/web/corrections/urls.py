"""Addresses of corrections."""

from __future__ import annotations

from django.urls import path

from tieline.web.corrections import views

urlpatterns = [
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/told/", views.told, name="corrections_told"),
    path("corrections/<str:number>/acknowledge/", views.acknowledge, name="correction_acknowledge"),
]
