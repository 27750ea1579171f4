"""Addresses of a person's own account."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from tieline.web.account import household, preferences, tokens, views

urlpatterns = [
    path("accounts/login/", allauth.login, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/password/", views.password, name="account_password"),
    path("hat/purpose/", views.purpose, name="purpose"),
    path("hat/assignment/", views.assignment, name="assignment"),
    path("account/preferences/", preferences.preferences, name="preferences"),
    path("account/preferences/one/", preferences.preference, name="preference"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/new/", tokens.token_new, name="token_new"),
    path("account/tokens/revoke/", tokens.tokens_revoke, name="tokens_revoke"),
    path("account/household/", household.household, name="household"),
    path("account/household/new/", household.household_new, name="household_new"),
    path("account/household/end/", household.household_end, name="household_end"),
]
