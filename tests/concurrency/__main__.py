"""Runs the herd."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imara.service.settings")
django.setup()

from tests.concurrency.herd import main  # noqa: E402  # its models need Django set up

main()
