"""The Idempotency-Key of API.md for DRF views of members."""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock, problems
from core.errors import DomainError, Invalid
from members import services
from members.errors import KeyRequired
from members.services.answers import Answer

_KEY = re.compile(r"[\x21-\x7e]{1,120}\Z")
Handler = Callable[..., Any]


def idempotent(*, required: bool = False, prepare: Handler | None = None) -> Callable[[Handler], Handler]:
    """Decorate a ``post`` of a MemberView: one effect and one answer a key.

    ``required`` calls without the header are refused with 400 ``idempotency_key_required``.
    ``prepare(view, request)`` runs before the transaction (a network call, say), only where no
    answer is stored yet; its result is handed to the handler as ``prepared``.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
            key = _key_of(request, required=required)
            print_ = _fingerprint(request)
            if prepare is not None:
                stored = services.stored_answer(member=view.member_of(request), key=key or "", fingerprint=print_)
                if stored:
                    return _http(stored)
                kwargs["prepared"] = prepare(view, request)
            if key is None:
                return handler(view, request, *args, **kwargs)
            answer = services.answer_once(
                member=view.member_of(request),
                key=key,
                fingerprint=print_,
                at=clock.real_now(),
                effect=lambda: _answer(handler(view, request, *args, **kwargs)),
                refusal=_refusal,
            )
            return _http(answer)

        wrapper.idempotent = "required" if required else "honoured"  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _key_of(request: Request, *, required: bool) -> str | None:
    """The key; a quoted Structured Field string and its bare content are the same key."""
    text = request.headers.get("Idempotency-Key")
    if text is None:
        if required:
            raise KeyRequired
        return None
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if not _KEY.match(text):
        raise Invalid(_("1 to 120 visible ASCII characters."), field="Idempotency-Key")
    return text


def _fingerprint(request: Request) -> str:
    raw = request._request
    parts = (str(request.method).encode(), request.get_full_path().encode(), hashlib.sha256(raw.body).digest())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _answer(response: Response) -> Answer:
    body = b"" if response.data is None else JSONRenderer().render(response.data)
    return Answer(response.status_code, body.decode())


def _refusal(error: DomainError) -> Answer:
    body = problems.of_domain(error)
    return Answer(error.status, JSONRenderer().render(body).decode(), problems.CONTENT_TYPE)


def _http(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response
