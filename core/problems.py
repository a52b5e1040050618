"""RFC 9457 problem documents: every refusal of the API has the same shape."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer

from core.errors import DomainError

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_AWAY = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)


def problem(
    status: int, code: str, detail: str, *, title: str = "", extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The members of one problem document; ``extra`` may not overwrite the standard ones."""
    return {
        **(extra or {}),
        "type": f"urn:problem:atrium:{code}",
        "title": title or code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }


def of_domain(error: DomainError) -> dict[str, Any]:
    """The problem that a domain error is told as."""
    extra = {**error.data, **(error.late() if error.late else {})}
    if error.field:
        extra["fields"] = {error.field: [str(error)]}
    return problem(error.status, error.code, str(error), extra=extra)


def response(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An HTTP answer that carries a problem document; 429 and 503 always say when to retry."""
    answer = HttpResponse(JSONRenderer().render(body), status=body["status"], content_type=CONTENT_TYPE)
    for name, value in (headers or {}).items():
        answer[name] = value
    if body["status"] in (429, 503) and "Retry-After" not in answer:
        answer["Retry-After"] = str(body.get("retry_after", RETRY_AFTER_S))
    answer["Cache-Control"] = "no-store"
    return answer


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as ``{"lines.0.starts_at": ["…"]}``; whole-body errors under ``""``."""
    if isinstance(detail, Mapping):
        pairs = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, (Mapping, list)) for item in detail):
        pairs = [(str(index), value) for index, value in enumerate(detail)]
    else:
        return {path: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        inner = path if key == "non_field_errors" else f"{path}.{key}".strip(".")
        if value:
            found |= flatten(value, inner)
    return found


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's hook: known errors become problems, anything else stays a 500 and is reported."""
    if isinstance(error, DomainError):
        return response(of_domain(error))
    if isinstance(error, _AWAY):
        return response(problem(503, "unavailable", _("A part of the system is away; nothing was changed.")))
    if isinstance(error, RequestDataTooBig):
        return response(problem(413, "too_large", _("The body is too large.")))
    if isinstance(error, (Http404, PermissionDenied, SuspiciousOperation)):
        return response(_of_django(error))
    if isinstance(error, exceptions.APIException):
        return response(_of_drf(error), _headers(error))
    return None


def _of_django(error: Exception) -> dict[str, Any]:
    if isinstance(error, Http404):
        return problem(404, "not_found", _("Not there, or not yours."))
    if isinstance(error, PermissionDenied):
        return problem(403, "not_allowed", _("This is not allowed."))
    return problem(400, "malformed", _("The request is malformed."))


def _of_drf(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = flatten(error.detail)
        detail = "; ".join(f"{name}: {texts[0]}" if name else texts[0] for name, texts in list(fields.items())[:3])
        return problem(400, "invalid", detail, extra={"fields": fields})
    if isinstance(error, exceptions.ParseError):
        return problem(400, "malformed", _("The body is not valid JSON."))
    code = {404: "not_found", 403: "not_allowed", 401: "signature_missing", 429: "throttled"}.get(
        error.status_code, str(error.default_code)
    )
    return problem(error.status_code, code, str(error.detail))


def _headers(error: exceptions.APIException) -> dict[str, str]:
    wait = getattr(error, "wait", None)
    return {"Retry-After": str(int(wait) + 1)} if wait else {}
