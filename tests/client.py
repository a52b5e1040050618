"""A member's mini-program for tests: signs like API.md says, written apart from our own verifier."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from django.test import Client


@dataclass
class Key:
    """What `POST /sessions` hands out."""

    key_id: str
    secret: bytes
    member: dict[str, Any]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Key":
        padded = answer["secret"] + "=" * (-len(answer["secret"]) % 4)
        return cls(answer["key_id"], base64.urlsafe_b64decode(padded), answer["member"])


def signed_headers(
    key: Key,
    method: str,
    url: str,
    body: bytes = b"",
    *,
    idempotency_key: str | None = None,
    nonce: str | None = None,
    created: int | None = None,
    tag: str = "atrium",
) -> dict[str, str]:
    """The headers of one signed request (RFC 9421, RFC 9530)."""
    parts = urlsplit(url)
    covered = {
        "@method": method,
        "@authority": parts.netloc.lower(),
        "@path": parts.path,
        "@query": "?" + parts.query,
    }
    headers: dict[str, str] = {}
    if idempotency_key is not None:
        headers["Idempotency-Key"] = covered["idempotency-key"] = idempotency_key
    if body:
        headers["Content-Type"] = "application/json"
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers["Content-Digest"] = covered["content-digest"] = f"sha-256=:{digest}:"
    names = " ".join(f'"{name}"' for name in covered)
    params = (
        f'({names});created={created or int(time.time())};keyid="{key.key_id}"'
        f';alg="hmac-sha256";nonce="{nonce or secrets.token_hex(16)}";tag="{tag}"'
    )
    lines = [f'"{name}": {value}' for name, value in covered.items()] + [f'"@signature-params": {params}']
    mac = hmac.new(key.secret, "\n".join(lines).encode(), hashlib.sha256).digest()
    headers["Signature-Input"] = f"sig1={params}"
    headers["Signature"] = f"sig1=:{base64.b64encode(mac).decode()}:"
    return headers


class SignedClient:
    """Calls the API as one member, in process or over HTTP where ``base_url`` is given."""

    def __init__(self, key: Key, base_url: str = "", language: str = "en") -> None:
        self.key = key
        self.base_url = base_url
        self.language = language
        self._http = httpx.Client(timeout=30, trust_env=False) if base_url else None
        self._django = Client(raise_request_exception=True)

    def get(self, path: str, **query: Any) -> Any:
        text = urlencode(query, doseq=True, quote_via=quote)
        return self.send("GET", path + (f"?{text}" if text else ""))

    def post(self, path: str, data: Any = None, **options: Any) -> Any:
        body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
        return self.send("POST", path, body, **options)

    def patch(self, path: str, data: Any) -> Any:
        return self.send("PATCH", path, json.dumps(data).encode())

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: bytes = b"", **options: Any) -> Any:
        """Send one signed request to ``/api/v1`` + path; options as of `signed_headers`."""
        origin = self.base_url or "http://testserver"
        target = "/api/v1" + path
        headers = signed_headers(self.key, method, origin + target, body, **options)
        return self.raw(method, target, body, headers)

    def raw(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> Any:
        """Send a request whose headers were made by hand."""
        headers = {"Accept-Language": self.language, **headers}
        if self._http:
            return self._http.request(method, self.base_url + target, content=body, headers=headers)
        kind = headers.pop("Content-Type", "application/json")
        return self._django.generic(method, target, body, content_type=kind if body else "", headers=headers)


def log_in(base_url: str, name: str) -> SignedClient:
    """Log in at a live server by its simulator."""
    answer = httpx.post(f"{base_url}/api/v1/sessions", json={"code": f"sim:{name}"}, timeout=30, trust_env=False)
    answer.raise_for_status()
    return SignedClient(Key.of(answer.json()), base_url)
