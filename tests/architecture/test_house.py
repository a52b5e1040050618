"""The house as a whole: what is in the repository, and that it is all there."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core import catalogues

ROOT = Path(__file__).resolve().parent.parent.parent
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 30
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb.de" + "bian.org"]
PATHS = re.compile(r"(?<![\w.])/(?:" + "work" + r"|root)/\w")


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


ASSEMBLED = {
    "wechat/simulator/server.py make_server": "the standard library wants the handler as a class made around its state",
}
"""Functions that may be longer, and why."""


def _code() -> list[Path]:
    return [path for path in _tracked("*.py") if "migrations" not in path.parts]


def test_files_stay_readable() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _code()}

    assert {name: lines for name, lines in long.items() if lines > LINES_OF_A_FILE} == {}


def test_functions_stay_readable() -> None:
    long = [
        f"{path.relative_to(ROOT)} {node.name}"
        for path in _code()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LINES_OF_A_FUNCTION
    ]

    assert sorted(set(long) - set(ASSEMBLED)) == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body: neither its signature nor its docstring."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    starts = (first.end_lineno or 0) + 1 if documented else first.lineno
    return (node.end_lineno or 0) - starts + 1


def test_no_registry_and_no_machine_is_named() -> None:
    texts = {path: path.read_bytes().decode(errors="ignore") for path in _tracked()}

    assert [str(path) for path, text in texts.items() if any(host in text for host in HOSTS)] == []
    assert [str(path) for path, text in texts.items() if PATHS.search(text)] == []


def test_translations_are_tracked_as_text_only() -> None:
    assert _tracked("*.mo") == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-mysql.txt"])
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())

    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_every_setting_is_documented() -> None:
    """A setting read from the environment stands in `.env.example`, and nothing else does."""
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (ROOT / "console/settings.py").read_text()))
    documented = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read == documented


def test_nothing_is_left_to_migrate() -> None:
    done = _manage("makemigrations", "--check", "--dry-run")

    assert done.returncode == 0, done.stdout


def test_production_has_no_warnings() -> None:
    done = _manage("check", "--deploy", "--fail-level", "WARNING", **_production())

    assert done.returncode == 0, done.stderr


def test_catalogues_compile_once(tmp_path: Path) -> None:
    text = tmp_path / "locale/core/zh_Hans/LC_MESSAGES/django.po"
    text.parent.mkdir(parents=True)
    text.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Room"\nmsgstr "房间"\n')

    assert catalogues.compile_all(tmp_path) == [text]
    assert catalogues.compile_all(tmp_path) == []
    assert text.with_suffix(".mo").exists()


def _manage(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={name: text for name, text in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"} | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def _production() -> dict[str, str]:
    secret = "".join(chr(65 + i % 26) + str(i) for i in range(30))
    return {
        "ATRIUM_PROFILE": "production",
        "ATRIUM_DEMO": "false",
        "SECRET_KEY": secret,
        "SESSION_KEYS": f"1={secret[::-1]}",
        "ALLOWED_HOSTS": "atrium.example.com",
        "PUBLIC_URL": "https://atrium.example.com",
        "CSRF_TRUSTED_ORIGINS": "https://atrium.example.com",
        "DATABASE_URL": "mysql://atrium:secret@127.0.0.1:3306/atrium",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "BROKER_URL": "amqp://atrium:secret@127.0.0.1:5672/atrium",
        "WECHAT_BASE_URL": "https://api.weixin.qq.com",
        "WECHAT_APP_ID": "wx1234567890abcdef",
        "WECHAT_APP_SECRET": secret[5:37],
    }
