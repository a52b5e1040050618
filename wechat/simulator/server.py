"""The simulator's HTTP server: a table of routes over the standard library."""

import html
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from wechat.simulator.mini_program import MiniProgram

MAX_BODY = 1_000_000
Route = Callable[[dict[str, str], dict[str, Any]], dict[str, Any]]
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>WeChat simulator</title>
<style>body{{font:16px system-ui;margin:2rem;max-width:46rem}}td,th{{padding:.3rem .8rem;text-align:left}}</style>
<h1>微信模拟器 · WeChat simulator</h1>
<p>登录码 <code>sim:姓名</code> 即可登录该会员。Any code <code>sim:&lt;name&gt;</code> logs that member in.</p>
<table><tr><th>openid</th><th>name</th></tr>{rows}</table></html>"""


def routes_of(mini: MiniProgram) -> dict[tuple[str, str], Route]:
    """Method and path → handler of query and body."""
    return {
        ("GET", "/sns/jscode2session"): lambda query, body: mini.jscode2session(query),
        ("POST", "/cgi-bin/stable_token"): lambda query, body: mini.stable_token(body),
        ("POST", "/wxa/business/getuserphonenumber"): mini.phone_number,
    }


def make_server(host: str, port: int) -> ThreadingHTTPServer:
    """A server bound to the address, not yet serving."""
    mini = MiniProgram()
    routes = routes_of(mini)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/":
                self._send(200, _page(mini).encode(), "text/html; charset=utf-8")
            else:
                self._route("GET")

        def do_POST(self) -> None:
            self._route("POST")

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: bodies and addresses carry codes and phones."""

        def _route(self, method: str) -> None:
            parts = urlsplit(self.path)
            route = routes.get((method, parts.path))
            body = self._body()
            if route is None or body is None:
                self._send(404 if route is None else 400, b"{}", "application/json")
                return
            answer = route(dict(parse_qsl(parts.query)), body)
            self._send(200, json.dumps(answer, ensure_ascii=False).encode(), "application/json; charset=utf-8")

        def _body(self) -> dict[str, Any] | None:
            length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
            try:
                data = json.loads(self.rfile.read(length) or b"{}")
            except ValueError:
                return None
            return data if isinstance(data, dict) else None

        def _send(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


def _page(mini: MiniProgram) -> str:
    cells = "".join(
        f"<tr><td><code>{openid}</code></td><td>{html.escape(name)}</td></tr>" for openid, name in mini.seen.items()
    )
    return PAGE.format(rows=cells)
