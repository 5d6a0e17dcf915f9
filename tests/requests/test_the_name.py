"""The package is called `requests`, and it is ours: nothing in this process may bring the library of that name."""

from __future__ import annotations

import importlib
import sys
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from rest_framework import compat
from rest_framework.test import APIClient

import requests


def test_requests_is_our_room() -> None:
    assert requests.__file__ is not None
    assert Path(requests.__file__).parent == settings.BASE_DIR / "requests"
    assert sys.modules["requests"] is requests


def test_no_library_of_that_name_is_installed() -> None:
    names = {(found.metadata["Name"] or "").lower() for found in metadata.distributions()}
    assert "httpx" in names
    assert "requests" not in names


@pytest.mark.parametrize("lock", ["base", "dev"])
def test_no_lock_brings_it_in(lock: str) -> None:
    lines = (settings.BASE_DIR / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    named = {line.partition("==")[0].strip().lower() for line in lines if "==" in line}
    assert "httpx" in named
    assert "requests" not in named


def test_the_rest_framework_does_not_take_ours_for_the_library() -> None:
    assert compat.requests is None
    assert APIClient().get("/api/v1/schema/").status_code == 200
    assert "/api/v1/requests/" in SchemaGenerator().get_schema(public=True)["paths"]


def test_the_redis_client_imports_without_it() -> None:
    assert importlib.import_module("redis").Redis
