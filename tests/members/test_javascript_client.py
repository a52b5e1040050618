"""The JavaScript of docs/mini-program.md, taken from the page and run by Node against a live server."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from members.models import Member
from wechat.simulator.server import make_server

PAGE = Path(django_settings.BASE_DIR) / "docs" / "mini-program.md"
NODE = shutil.which("node")
SCENARIO = """
const base = process.argv[2];
const session = await logIn(base, "sim:小李");
const told = [];
const tell = ({ status, result, replayed }) => told.push({ status, code: result && result.code, replayed });
tell(await call(session, "GET", `${base}/me`));
tell(await call(session, "GET", `${base}/me/messages?page_size=2&q=会议 室`));
tell(await call(session, "PATCH", `${base}/me`, { nickname: "小李子" }));
const key = random();
for (const _ of [1, 2]) tell(await call(session, "POST", `${base}/me/messages/read`, { ids: [] }, key));
tell(await call(session, "POST", `${base}/me/messages/read`, { ids: ["1"] }, key));
clockOffset = -4000;
tell(await call(session, "GET", `${base}/me`));
tell(await call({ ...session, secret: "A".repeat(43) }, "GET", `${base}/me`));
tell(await call(session, "DELETE", `${base}/sessions/current`));
tell(await call(session, "GET", `${base}/me`));
console.log(JSON.stringify(told));
"""


def block() -> str:
    """The first block of code of the page."""
    found = re.search(r"^```js\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture
def simulator(settings: Any) -> Iterator[None]:
    """A simulator of WeChat on a free port."""
    server = make_server("127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.WECHAT_BASE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    yield
    server.shutdown()
    server.server_close()


def test_signing_takes_about_forty_lines() -> None:
    lines = [line for line in block().split("async function call")[0].splitlines() if line.strip()]
    assert len(lines) <= 40


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
@pytest.mark.django_db(transaction=True)
def test_the_client_of_the_page_works(live_server: Any, simulator: None, tmp_path: Path) -> None:
    script = tmp_path / "client.mjs"
    script.write_text(block() + SCENARIO)
    command = [str(NODE), str(script), f"{live_server.url}/api/v1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answers = [(item["status"], item.get("code"), item["replayed"]) for item in json.loads(done.stdout)]
    assert answers == [
        (200, None, False),
        (200, None, False),
        (200, None, False),
        (200, None, False),
        (200, None, True),
        (422, "idempotency_mismatch", False),
        (200, None, False),
        (401, "signature_invalid", False),
        (204, None, False),
        (401, "session_expired", False),
    ]
    assert Member.objects.get().nickname == "小李子"
