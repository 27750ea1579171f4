"""Addresses of requests, consents and releases."""

from __future__ import annotations

from django.urls import path

from tieline.web.sharing import answers, asks, council, emergencies, stamps, views

urlpatterns = [
    path("records/<slug:system>/<str:number>/request/", asks.request_new, name="request_new"),
    path(
        "records/<slug:system>/<str:number>/emergency/",
        emergencies.emergency_new,
        name="emergency_new",
    ),
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("emergencies/<str:number>/", emergencies.emergency, name="emergency"),
    path(
        "emergencies/<str:number>/confirm/", emergencies.emergency_confirm, name="emergency_confirm"
    ),
    path("emergencies/<str:number>/seen/", emergencies.emergency_seen, name="emergency_seen"),
    path("emergencies/<str:number>/close/", emergencies.emergency_close, name="emergency_close"),
    path("emergencies/<str:number>/review/", emergencies.emergency_review, name="emergency_review"),
    path("records/<slug:system>/<str:number>/verify/", stamps.stamp_new, name="stamp_new"),
    path("requests/", views.requests, name="requests"),
    path("requests/<str:number>/", views.request_page, name="request"),
    path("requests/<str:number>/appeal/", asks.request_appeal, name="request_appeal"),
    path("requests/<str:number>/noted/", asks.request_noted, name="request_noted"),
    path("requests/<str:number>/grant/", answers.request_grant, name="request_grant"),
    path("requests/<str:number>/refuse/", answers.request_refuse, name="request_refuse"),
    path("requests/<str:number>/consent/", answers.request_consent, name="request_consent"),
    path("requests/<str:number>/council/", council.request_council, name="request_council"),
    path("requests/<str:number>/stamp/", stamps.request_stamp, name="request_stamp"),
    path("consents/<str:number>/", views.consent, name="consent"),
    path("consents/<str:number>/answer/", answers.consent_answer, name="consent_answer"),
    path("releases/", views.releases, name="releases"),
    path(
        "releases/<slug:system>/<str:number>/recall/",
        answers.release_recall,
        name="release_recall",
    ),
]
