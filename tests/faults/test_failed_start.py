"""A stack that does not come up leaves nothing behind."""

from pathlib import Path

import pytest

from deploy.ports import is_free
from tests.live import LiveStack


def test_a_stack_that_fails_to_start_ends_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = LiveStack(tmp_path)

    def never() -> None:
        raise AssertionError("it is not healthy")

    monkeypatch.setattr(stack, "wait_until_healthy", never)
    with pytest.raises(AssertionError, match="not healthy"):
        stack.__enter__()

    assert stack.processes == {}
    assert [is_free(stack.port + number) for number in range(3)] == [True, True, True]
