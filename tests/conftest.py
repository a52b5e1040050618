"""Fixtures for every test; `tests/services.py` has already started what they need."""

import os
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite tests use a file: threads on one in-memory database get "table is locked" at once."""
    if connection.vendor == "sqlite":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["ATRIUM_DATA"]) / f"test-{worker}.sqlite3")
