"""Addresses of the administrator's pages."""

from __future__ import annotations

from django.urls import path

from tieline.web.people import acts, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", acts.person_new, name="person_new"),
    path("people/assignments/<str:number>/end/", acts.assignment_end, name="assignment_end"),
    path("people/<str:number>/", views.person, name="person"),
    path("people/<str:number>/lock/", acts.person_lock, name="person_lock"),
    path("people/<str:number>/unlock/", acts.person_unlock, name="person_unlock"),
    path("people/<str:number>/password/", acts.person_password, name="person_password"),
    path("people/<str:number>/assignments/new/", acts.assignment_new, name="assignment_new"),
]
