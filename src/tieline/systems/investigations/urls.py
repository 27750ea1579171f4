"""The addresses of this system's own pages."""

from __future__ import annotations

from django.urls import path

from tieline.systems.investigations import lookout_views as lookouts
from tieline.systems.investigations import views

app_name = "investigations"
urlpatterns = [
    path("cases", views.cases, name="cases"),
    path("cases/new", views.case_new, name="case_new"),
    path("cases/<str:number>", views.case, name="case"),
    path("cases/<str:number>/change", views.case_change, name="case_change"),
    path("cases/<str:number>/new/<slug:kind>", views.subject_new, name="subject_new"),
    path("subjects/<str:number>/correct", views.subject_correct, name="subject_correct"),
    path("subjects/<str:number>/lookout", lookouts.new, name="lookout_new"),
    path("lookouts/<str:number>/activate", lookouts.activate, name="lookout_activate"),
    path("lookouts/<str:number>/renew", lookouts.renew, name="lookout_renew"),
    path("lookouts/<str:number>/cancel", lookouts.cancel, name="lookout_cancel"),
    path("records/<str:number>/protections", views.protect, name="protect"),
]
