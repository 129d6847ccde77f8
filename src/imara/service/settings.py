"""Settings of the service, read from the environment when the server starts."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from imara.service.logs import configuration

HERE = Path(__file__).resolve().parent

IMARA_DEMO = os.environ.get("IMARA_DEMO") == "1"
"""Whether the site holds made-up people only: said on every page, with one-click sign-ins."""

IMARA_HOME = Path(os.environ.get("IMARA_HOME", "imara-site")).resolve()
"""Where the embedded database and the site's files live."""


def _secret(name: str) -> str:
    """Return a secret from the environment. A demonstration, whose people are made up, may do without."""
    value = os.environ.get(name, "")
    if value:
        return value
    if IMARA_DEMO:
        return f"demonstration-{name}-" + "0" * 40
    raise ImproperlyConfigured(
        f"{name} is not set. Give each of IMARA_SECRET_KEY, IMARA_LEDGER_KEY, IMARA_IDENTITY_KEY and "
        "IMARA_ALLOCATION_KEY a long random text, keep them outside the database, and never change them while the "
        "site lives."
    )


def _key(name: str) -> bytes:
    return hashlib.sha256(_secret(name).encode()).digest()


SECRET_KEY = _secret("IMARA_SECRET_KEY")
IMARA_LEDGER_KEY = _key("IMARA_LEDGER_KEY")
"""Key of the digests that stand in the ledger for sealed values."""
IMARA_IDENTITY_KEY = base64.urlsafe_b64encode(_key("IMARA_IDENTITY_KEY"))
"""Key of the encrypted store of identities."""
IMARA_IDENTITY_OLD_KEYS = [
    base64.urlsafe_b64encode(hashlib.sha256(old.encode()).digest())
    for old in os.environ.get("IMARA_IDENTITY_OLD_KEYS", "").split(",")
    if old
]
"""Keys that identities were encrypted with before; they can still be read while the key is being changed."""
IMARA_ALLOCATION_KEY = base64.urlsafe_b64encode(_key("IMARA_ALLOCATION_KEY"))
"""Key under which seeds of allocation are kept until the lock."""


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for `postgres://user:password@host:port/name` or `sqlite:///path`.

    As libpq has it, `?host=/folder` names the folder of a socket; other options follow: `&sslmode=require`.
    """
    parts = urlparse(url)
    if parts.scheme in {"postgres", "postgresql"}:
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": options.pop("port", str(parts.port or "")),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "OPTIONS": {
                # A writer takes its lock at the start, so that two acts queue instead of one failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with '{parts.scheme}://'; it can be postgres://user:password@host:port/name or "
        "sqlite:///path/to/file"
    )


def mail_encryption(word: str) -> tuple[bool, bool]:
    """Return whether e-mail is sent with STARTTLS and whether with TLS from the first byte."""
    if word not in {"starttls", "tls", "none"}:
        raise ImproperlyConfigured(f"IMARA_SMTP_ENCRYPTION is '{word}'; it can be starttls, tls or none")
    return word == "starttls", word == "tls"


def mail_backend(host: str, demonstration: bool) -> str:
    """Return which of Django's senders is used: the server that is named, the terminal, or none."""
    name = "smtp" if host else "console" if demonstration else "dummy"
    return f"django.core.mail.backends.{name}.EmailBackend"


DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{IMARA_HOME / 'imara.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = [
    host for host in os.environ.get("IMARA_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",") if host
]
ROOT_URLCONF = "imara.service.urls"
WSGI_APPLICATION = "imara.service.wsgi.application"

INSTALLED_APPS = [
    # First, so that their templates stand before those that Django and allauth bring.
    "imara.service.ui",
    "imara.service.people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "imara.service.ledger",
    "imara.service.studies",
    "imara.service.participants",
    "imara.service.allocation",
]
if IMARA_DEMO:
    INSTALLED_APPS.append("imara.service.demonstration")

MIDDLEWARE = [
    "imara.service.logs.AccessMiddleware",
    "imara.service.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "imara.service.ui.policy.ContentPolicyMiddleware",
    "imara.service.ui.error_pages.ErrorPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "imara.service.people.languages.LanguageMiddleware",
    "imara.service.people.sessions.SessionsMiddleware",
    "imara.service.people.doorkeeper.DoorkeeperMiddleware",
    "imara.service.people.second_factor.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "imara.service.people.context.person",
            ],
        },
    }
]

FORM_RENDERER = "imara.service.ui.rendering.FormRenderer"
FORMAT_MODULE_PATH = ["imara.service.ui.formats"]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("da", _("Danish"))]
TIME_ZONE = os.environ.get("IMARA_TIME_ZONE", "Europe/Copenhagen")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = IMARA_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names with a hash in them, so that browsers keep files for good; compressed once, when the site is built.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = configuration(os.environ.get("IMARA_LOG_LEVEL", "INFO"))

# Cookies and headers. A demonstration runs on plain HTTP on the machine itself; anything else on HTTPS.
PLAIN_HTTP = IMARA_DEMO or os.environ.get("IMARA_PLAIN_HTTP") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
if not PLAIN_HTTP:
    # HTTPS ends at the web server in front, which must set this header itself and drop what a visitor sends.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other names of the same domain are not ours to decide about
    "security.W008",  # the web server in front sends visitors to HTTPS
    "security.W021",  # nor whether browsers list the domain for good
]
if PLAIN_HTTP:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W012", "security.W016"]
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Signing in. An account is made by an invitation, never by signing up.
ACCOUNT_ADAPTER = "imara.service.people.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "key"
ACCOUNT_USER_DISPLAY = "imara.service.people.sign_in.shown_name"
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up; allauth derives from these what the form for signing in asks for.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Repeated failures from one place are the lock's (axes); this holds back tries from many places at one account.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,30/h/key"}
ACCOUNT_FORMS = {
    "login": "imara.service.people.sign_in_forms.SignIn",
    "request_login_code": "imara.service.people.sign_in_forms.AskForCode",
    "confirm_login_code": "imara.service.people.sign_in_forms.EnterCode",
    "reauthenticate": "imara.service.people.sign_in_forms.PasswordAgain",
    "change_password": "imara.service.people.sign_in_forms.ChangePassword",
    "set_password": "imara.service.people.sign_in_forms.SetPassword",
}
MFA_ADAPTER = "imara.service.people.sign_in.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IMARA_DEMO
MFA_FORMS = {
    "authenticate": "imara.service.people.sign_in_forms.SecondStep",
    "reauthenticate": "imara.service.people.sign_in_forms.SecondStepAgain",
    "activate_totp": "imara.service.people.sign_in_forms.AddApp",
    "add_webauthn": "imara.service.people.sign_in_forms.AddDevice",
    "edit_webauthn": "imara.service.people.sign_in_forms.NameDevice",
}
IMARA_SECOND_FACTOR = True
"""Whether staff need a second step before pages that show or change people."""
IMARA_IDLE_MINUTES = int(os.environ.get("IMARA_IDLE_MINUTES", "30"))
"""After how long without use one is signed out."""
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "imara.service.people.throttling.locked_out"
AXES_USERNAME_CALLABLE = "imara.service.people.throttling.who_tries"
AXES_CLIENT_IP_CALLABLE = "imara.service.people.throttling.from_where"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("IMARA_PROXIES", "0"))
"""How many web servers stand in front of this one and add the visitor's address to X-Forwarded-For."""

CACHES = {
    # Shared by all processes of the server: limits on tries, used codes, and what was typed when a session ended.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "people_cache"}
}

# E-mail. Without a server for it, links are handed over by hand; a demonstration writes its messages to the terminal.
EMAIL_HOST = os.environ.get("IMARA_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("IMARA_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("IMARA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("IMARA_SMTP_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = mail_encryption(os.environ.get("IMARA_SMTP_ENCRYPTION", "starttls"))
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = mail_backend(EMAIL_HOST, IMARA_DEMO)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("IMARA_MAIL_FROM", "imara@localhost")
IMARA_MAIL_NAME = os.environ.get("IMARA_MAIL_NAME", "Imara")
"""What messages call this site: a name that tells nothing about anybody's health."""
