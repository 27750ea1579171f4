"""The addresses of this system's own pages."""

from __future__ import annotations

from django.urls import path

from tieline.systems.patrol import clearance_views, views

app_name = "patrol"
urlpatterns = [
    path("events", views.events, name="events"),
    path("events/new", views.event_new, name="event_new"),
    path("events/<str:number>", views.event, name="event"),
    path("events/<str:number>/correct", views.event_correct, name="event_correct"),
    path("events/<str:number>/subjects/new", views.subject_new, name="subject_new"),
    path("subjects/<str:number>/correct", views.subject_correct, name="subject_correct"),
    path("subjects/<str:number>/clearance", clearance_views.clearance, name="subject_clearance"),
    path("records/<str:number>/protections", views.protect, name="protect"),
]
