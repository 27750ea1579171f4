"""What Django is told, made from the node's own settings. Rooms are named here as text only."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from csp.constants import NONCE, SELF
from django.core.management.utils import get_random_secret_key

from tieline.settings import DATABASES as NAMES
from tieline.settings import WEB_SERVERS, node

NODE = node()
SECRET_KEY = NODE.secret or get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = list(NODE.names)

INSTALLED_APPS = [
    # First, so that its pages for signing in come before those of the library.
    "tieline.web",
    "tieline.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "tieline.keeping",
    "tieline.ui",
    "tieline.accounts",
    "tieline.systems.patrol",
    "tieline.systems.investigations",
    "tieline.systems.partner",
    "tieline.exchange.corrections",
    "tieline.exchange.directory",
    "tieline.exchange.index",
    "tieline.exchange.notices",
    "tieline.exchange.oversight",
    "tieline.exchange.redress",
    "tieline.exchange.sharing",
]
MIDDLEWARE = [
    "tieline.web.requests.RequestLog",
    "tieline.web.secure.BehindHttps",
    "csp.middleware.CSPMiddleware",
    "tieline.web.statics.StaticFiles",
    # Before anything that reads a cookie.
    "tieline.api.door.ApiDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tieline.accounts.hats.ActiveHat",
    "tieline.web.access.StatedAccess",
    "tieline.web.methods.StatedMethods",
    "tieline.web.away.NoAnswer",
]
ROOT_URLCONF = "tieline.addresses"
ASGI_APPLICATION = "tieline.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tieline.web.shell.shell",
            ]
        },
    }
]


def _database(name: str) -> dict[str, Any]:
    url = NODE.url(name)
    if url.startswith("sqlite:"):
        file = (NODE.folder / url.removeprefix("sqlite:")).absolute()
        return {
            "ENGINE": "tieline.keeping.sqlite",
            # Opened and never made: an empty file in the place of one that was moved aside would
            # throw away what waits in the log beside it. `tieline migrate` makes files.
            "NAME": f"file:{quote(str(file))}?mode=rw",
            "OPTIONS": {
                # With Django's default, concurrent changes are lost to "database is locked".
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: a disclosure is on the disk with its ledger entry before it is told.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    # A server that is away is not waited for as long as the library would.
    options: dict[str, Any] = {"connect_timeout": "2", **dict(parse_qsl(parts.query))}
    if "PYTEST_VERSION" not in os.environ:
        # A thread a request: without a pool each would connect anew. Tests open and drop databases.
        # Together the web servers hold at most 60 to the five, of the 100 a server allows unasked.
        most = 12 // WEB_SERVERS
        options["pool"] = {"min_size": 1, "max_size": most, "timeout": 2, "reconnect_timeout": 0}
    return {
        "ENGINE": "tieline.keeping.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        # After a server's restart no request meets a connection of before.
        "CONN_HEALTH_CHECKS": True,
    }


# Sign-in, sessions and the libraries that know one database only live in the one of accounts.
DATABASES = {"default" if name == "accounts" else name: _database(name) for name in NAMES}
DATABASE_ROUTERS = ["tieline.keeping.databases.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tieline.accounts.signin.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Lock-out: counted in the accounts' database, so that a restart does not forget.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/5m/ip,5/5m/key", "login": "60/m/ip"}
# Else everybody behind a proxy has one address, and one who mistypes locks all others out.
ALLAUTH_TRUSTED_PROXY_COUNT = NODE.proxies
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NODE.https
# Behind a proxy that speaks HTTPS the server itself is asked by HTTP, and would take every form for
# one of another site.
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in NODE.names] if NODE.https else []
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if NODE.https else 0
CSRF_FAILURE_VIEW = "tieline.web.forged.forged"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
LOGGING_CONFIG = None
