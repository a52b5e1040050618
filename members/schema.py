"""How the members' API is drawn in its OpenAPI document: signatures, keys, pages, problems."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core import problems

SIGNING = (
    "RFC 9421 with `hmac-sha256` and the key of `POST /sessions`. Covers `@method`, `@authority`, `@path`, `@query`, "
    "`content-digest` (RFC 9530) when there is a body and `idempotency-key` when it is sent; parameters `created` "
    '(±300 s), `keyid`, `nonce` (16 to 64 characters, used once) and `tag="atrium"`. `Signature-Input` and '
    "`Content-Digest` travel beside this header. See docs/mini-program.md."
)
KEY = _("1 to 120 visible ASCII characters; the same key gets the same answer for 24 hours.")
PROBLEMS = {
    "400": _("Malformed, or a field is invalid."),
    "401": _("Not or wrongly signed."),
    "403": _("Known, but not allowed."),
    "404": _("Not there, or not yours."),
    "405": _("This address has no such method."),
    "406": _("Only JSON is spoken here."),
    "409": _("The world disagrees."),
    "413": _("The body is too large."),
    "415": _("The body is not JSON."),
    "422": _("This Idempotency-Key was used for another request."),
    "429": _("Too many requests; Retry-After says when."),
    "503": _("A part is away and nothing was changed; Retry-After says when."),
}


class ProblemShape(serializers.Serializer[Any]):
    """RFC 9457; further members depend on ``code``."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    fields_ = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)

    def get_fields(self) -> dict[str, Any]:
        """``fields`` is a name that serializers keep to themselves."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class SignedSessionScheme(OpenApiAuthenticationExtension):
    """The signature as a security scheme."""

    target_class = "members.authentication.SignedSession"
    name = "signature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Signature", "description": SIGNING}


class MemberSchema(AutoSchema):
    """Adds what every endpoint of a MemberView has: pages, Idempotency-Key, problem answers."""

    def get_override_parameters(self) -> list[Any]:
        idempotent = getattr(getattr(self.view, self.method.lower(), None), "idempotent", None)
        if idempotent is None:
            return []
        name, required = "Idempotency-Key", idempotent == "required"
        return [OpenApiParameter(name, OpenApiTypes.STR, "header", required=required, description=KEY)]

    view: Any

    def _get_paginator(self) -> Any:
        return self.view.paging()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, text in PROBLEMS.items():
            told = OpenApiResponse(ProblemShape, description=text)
            bodies.setdefault(status, self._get_response_for_code(told, status, [problems.CONTENT_TYPE], direction))
        return bodies
