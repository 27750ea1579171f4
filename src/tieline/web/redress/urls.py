"""Addresses of redress."""

from __future__ import annotations

from django.urls import path

from tieline.web.redress import acts, views

urlpatterns = [
    path("redress/", views.redress, name="redress"),
    path("redress/new/", acts.redress_new, name="redress_new"),
    path("redress/<str:number>/", views.redress_matter, name="redress_matter"),
    path("redress/<str:number>/take/", acts.redress_take, name="redress_take"),
    path("redress/<str:number>/decide/", acts.redress_decide, name="redress_decide"),
    path("redress/<str:number>/disagree/", acts.redress_disagree, name="redress_disagree"),
]
