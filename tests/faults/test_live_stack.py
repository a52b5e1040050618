"""The whole of Atrium as processes: it comes up, loses parts, says so, and comes back without a hand."""

import httpx
import pytest

from tests.live import LiveStack


def test_everything_answers(live_stack: LiveStack) -> None:
    health = httpx.get(f"{live_stack.url}/api/v1/health", trust_env=False)

    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert httpx.get(live_stack.simulator, trust_env=False).status_code == 200
    assert set(live_stack.processes) >= {"simulator", "web", "worker", "beat"}


@pytest.mark.parametrize("part", ["web", "worker", "beat"])
def test_a_killed_part_comes_back(live_stack: LiveStack, part: str) -> None:
    live_stack.kill(part)
    live_stack.start(part)

    live_stack.wait_until_healthy()
