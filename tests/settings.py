"""Settings of the service for tests and type checking: made-up secrets, SQLite unless DATABASE_URL says otherwise."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("IMARA_DEMO", "1")
os.environ.setdefault("IMARA_HOME", tempfile.gettempdir())
if os.environ.get("IMARA_TEST_DATABASE") == "postgresql":
    # The first process has started a server and says where; until it has, nothing connects.
    from tests.database import address

    os.environ["DATABASE_URL"] = address(os.environ.get("IMARA_TEST_SERVER", ""), "imara")
else:
    os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from imara.service.settings import *  # noqa: F403  # the service's own settings, once the secrets are there

# Tests run before any static file is collected.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each process of the tests limits tries for itself.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests of pages sign the cast in without ado; tests/unit/service/people tests the second step as a site has it.
IMARA_SECOND_FACTOR = False
