"""Addresses of a person's own account."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from tieline.web.account import views

urlpatterns = [
    path("accounts/login/", allauth.login, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/password/", views.password, name="account_password"),
    path("hat/purpose/", views.purpose, name="purpose"),
    path("hat/assignment/", views.assignment, name="assignment"),
]
