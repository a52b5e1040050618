"""Fixtures for every test; `tests/services.py` has already started what they need."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands
from django.db import connection

from tests import surroundings
from tests.live import LiveStack
from venues import queries

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
BALANCED = {"races", "faults"}
"""The folders whose tests end with the books being checked."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests need a Chromium; tests of one live stack stay on one worker."""
    away = pytest.mark.skip(reason="no Chromium on this machine")
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "page" in names and surroundings.browser() is None:
            item.add_marker(away)
        if "live_stack" in names:
            item.add_marker(pytest.mark.xdist_group("live_stack"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite tests use a file: threads on one in-memory database get "table is locked" at once."""
    if connection.vendor == "sqlite":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["ATRIUM_DATA"]) / f"test-{worker}.sqlite3")


@pytest.fixture(autouse=True)
def balanced_books(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a race or a fault nothing may disagree: `verify_ledger` says so."""
    checked = BALANCED & set(Path(request.node.path).parts) and "live_stack" not in request.fixturenames
    database = checked and request.node.get_closest_marker("django_db")
    if database:
        request.getfixturevalue("transactional_db" if database.kwargs.get("transaction") else "db")
    yield
    if database and "verify_ledger" in get_commands():
        call_command("verify_ledger")


@pytest.fixture(scope="session")
def live_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    """Atrium as it runs: granian, worker, beat, simulator on free ports and a database of their own."""
    with LiveStack(tmp_path_factory.mktemp("live"), demo=True) as stack:
        yield stack


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, quiet on the network."""
    return browser_type_launch_args | {"executable_path": surroundings.browser(), "args": CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk in Shanghai that reads Chinese."""
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def _fresh_rules() -> None:
    """A rolled-back test gives its ids and versions to the next one: its rules must not stay."""
    queries.forget_rules()
