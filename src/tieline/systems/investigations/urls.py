"""The addresses of this system's own pages."""

from __future__ import annotations

from django.urls import path

from tieline.systems.investigations import views

app_name = "investigations"
urlpatterns = [
    path("cases", views.cases, name="cases"),
    path("cases/new", views.case_new, name="case_new"),
    path("cases/<str:number>", views.case, name="case"),
    path("cases/<str:number>/new/<slug:kind>", views.subject_new, name="subject_new"),
    path("subjects/<str:number>/lookout", views.lookout_new, name="lookout_new"),
    path("lookouts/<str:number>/activate", views.lookout_activate, name="lookout_activate"),
    path("lookouts/<str:number>/cancel", views.lookout_cancel, name="lookout_cancel"),
]
