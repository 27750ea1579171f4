"""Addresses of the review."""

from __future__ import annotations

from django.urls import path

from tieline.web.review import bulk, views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("review/together/", bulk.together, name="review_together"),
    path("review/<str:number>/", views.link, name="overlap_review"),
    path("review/<str:number>/judge/", views.judge, name="overlap_review_judge"),
    path("review/<str:number>/second/", views.second, name="overlap_review_second"),
]
