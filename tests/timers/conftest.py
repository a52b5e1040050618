from collections.abc import Iterator

import pytest

from tests.timers import probe


@pytest.fixture(scope="session")
def probe_table(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        probe.make_tables()
        yield
        probe.drop_tables()
