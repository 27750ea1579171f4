"""Addresses of requests, consents and releases."""

from __future__ import annotations

from django.urls import path

from tieline.web.sharing import answers, asks, views

urlpatterns = [
    path("records/<slug:system>/<str:number>/request/", asks.request_new, name="request_new"),
    path("requests/", views.requests, name="requests"),
    path("requests/<str:number>/", views.request_page, name="request"),
    path("requests/<str:number>/appeal/", asks.request_appeal, name="request_appeal"),
    path("requests/<str:number>/noted/", asks.request_noted, name="request_noted"),
    path("requests/<str:number>/grant/", answers.request_grant, name="request_grant"),
    path("requests/<str:number>/refuse/", answers.request_refuse, name="request_refuse"),
    path("requests/<str:number>/consent/", answers.request_consent, name="request_consent"),
    path("consents/<str:number>/", views.consent, name="consent"),
    path("consents/<str:number>/answer/", answers.consent_answer, name="consent_answer"),
    path("releases/", views.releases, name="releases"),
    path(
        "releases/<slug:system>/<str:number>/recall/",
        answers.release_recall,
        name="release_recall",
    ),
]
