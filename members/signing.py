"""RFC 9421 signatures of members' requests; `http_message_signatures` does the cryptography.

Order of checks: window, digest, signature, and only then the nonce, so that a forger
cannot burn nonces (RULES.md, "Requests from the mini-program").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import http_sf
from django.conf import settings
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature, algorithms

from members.errors import SignatureInvalid, SignatureMissing, SignatureStale

ALWAYS_COVERED = frozenset({"@method", "@authority", "@path", "@query"})
_PARAMETERS = frozenset({"created", "keyid", "nonce", "tag", "alg"})
_NO_AGE = timedelta(days=36500)
_MAX_HEADER = 2000


@dataclass(frozen=True)
class Message:
    """One request as the signature sees it; ``url`` is absolute, headers keep their case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Claim:
    """What an unverified Signature-Input says: label, covered components and parameters."""

    label: str
    covered: frozenset[str]
    keyid: str
    nonce: str
    created: int


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def resolve_public_key(self, key_id: str) -> bytes:
        return self.secret


def read_claim(message: Message, *, tag: str, now: datetime) -> Claim:
    """Parse and judge the Signature-Input before any secret is looked up.

    Raises SignatureMissing, SignatureInvalid, or SignatureStale outside ±300 s of real time.
    """
    inputs, values = message.headers.get("Signature-Input"), message.headers.get("Signature")
    if not inputs or not values:
        raise SignatureMissing
    if len(inputs) > _MAX_HEADER or len(values) > _MAX_HEADER:
        raise SignatureInvalid
    claims = [claim for claim in _parse(inputs) if claim[2].get("tag") == tag]
    if len(claims) != 1:
        raise SignatureInvalid
    claim = _checked(*claims[0])
    if abs(now.timestamp() - claim.created) > settings.SIGNATURE_WINDOW_S:
        raise SignatureStale(data={"server_time": now.replace(microsecond=0, tzinfo=None).isoformat() + "Z"})
    _require_coverage(claim, message)
    return claim


def verify(message: Message, *, claim: Claim, tag: str, secret: bytes) -> None:
    """Check digest and signature with the session's secret. Raises SignatureInvalid."""
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=_OneKey(secret))
    verifier.max_clock_skew = _NO_AGE  # the window was judged before, with our own clock and code
    try:
        verifier.verify(message, max_age=None, expect_tag=tag, body=message.body)
    except (InvalidSignature, UnicodeError, ValueError) as error:
        raise SignatureInvalid from error


def _parse(value: str) -> list[tuple[str, list[Any], dict[str, Any]]]:
    def refuse(key: str, context: str) -> None:
        raise SignatureInvalid

    try:
        parsed = http_sf.parse(value.encode("ascii"), tltype="dictionary", on_duplicate_key=refuse)
    except (ValueError, RecursionError) as error:
        raise SignatureInvalid from error
    members: Mapping[str, Any] = parsed if isinstance(parsed, dict) else {}
    return [(label, item[0], dict(item[1])) for label, item in members.items() if isinstance(item[0], list)]


def _checked(label: str, components: list[Any], params: dict[str, Any]) -> Claim:
    keyid, nonce, created = params.get("keyid"), params.get("nonce"), params.get("created")
    good = (
        set(params) <= _PARAMETERS
        and isinstance(keyid, str)
        and isinstance(nonce, str)
        and 16 <= len(nonce) <= 64
        and type(created) is int
        and params.get("alg", "hmac-sha256") == "hmac-sha256"
        and all(isinstance(name, str) and not extra for name, extra in components)
    )
    if not good or not isinstance(keyid, str) or not isinstance(nonce, str) or not isinstance(created, int):
        raise SignatureInvalid
    return Claim(label, frozenset(name for name, _extra in components), keyid, nonce, created)


def _require_coverage(claim: Claim, message: Message) -> None:
    needed = set(ALWAYS_COVERED)
    if message.body or "Content-Digest" in message.headers:
        needed.add("content-digest")
    if "Idempotency-Key" in message.headers:
        needed.add("idempotency-key")
    if not needed <= claim.covered:
        raise SignatureInvalid
