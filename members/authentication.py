"""DRF authentication by signed session: the signature is the credential, no token travels."""

from typing import Any

from django.http import RawPostDataException
from django.http.request import HttpRequest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from core import clock
from members import nonces, signing
from members.errors import MemberBlocked, SessionExpired, SessionUnknown
from members.lookup import session_by_key
from members.models import Member, MemberSession
from members.queries import secret_of

TAG = "atrium"


class SignedSession(BaseAuthentication):
    """Sets ``request.user`` to the Member and ``request.auth`` to the MemberSession.

    Raises the 401 errors of API.md; a blocked member is refused with 403.
    """

    def authenticate(self, request: Request) -> tuple[Member, MemberSession]:
        now = clock.real_now()
        message = message_of(request._request)
        claim = signing.read_claim(message, tag=TAG, now=now)
        session = session_by_key(claim.keyid)
        secret = secret_of(session) if session else None
        if session is None or secret is None:
            raise SessionUnknown
        signing.verify(message, claim=claim, tag=TAG, secret=secret)
        if session.revoked_at is not None or session.expires_at <= now:
            raise SessionExpired
        _use_nonce(request, claim)
        if session.member.status == Member.Status.BLOCKED:
            raise MemberBlocked
        return session.member, session

    def authenticate_header(self, request: Request) -> str:
        return "Signature"


def message_of(request: HttpRequest) -> signing.Message:
    """The request as it was signed: authority as received, target undecoded, raw body."""
    target = request.META.get("RAW_URI") or request.get_full_path()
    scheme = "https" if request.is_secure() else "http"
    try:
        body = request.body
    except RawPostDataException:  # an earlier reader took the stream: then nothing can be verified
        body = b""
    return signing.Message(
        method=str(request.method),
        url=f"{scheme}://{request.get_host()}{target}",
        headers=_headers(request.META),
        body=body,
    )


def _headers(meta: dict[str, Any]) -> dict[str, str]:
    names = {
        "HTTP_SIGNATURE": "Signature",
        "HTTP_SIGNATURE_INPUT": "Signature-Input",
        "HTTP_CONTENT_DIGEST": "Content-Digest",
        "HTTP_IDEMPOTENCY_KEY": "Idempotency-Key",
        "CONTENT_TYPE": "Content-Type",
        "HTTP_DATE": "Date",
    }
    return {name: str(meta[key]) for key, name in names.items() if meta.get(key)}


def _use_nonce(request: Request, claim: signing.Claim) -> None:
    """Fails closed for writes; a read that is replayed while Redis is away changes nothing."""
    try:
        nonces.admit(key_id=claim.keyid, nonce=claim.nonce)
    except (RedisConnectionError, RedisTimeoutError):
        if request.method not in SAFE_METHODS:
            raise
