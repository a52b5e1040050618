"""The Content-Security-Policy of each part of Atrium."""

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

RECORDS = "/records/"
THEME_NEEDS = {"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]}
"""The theme's record pages run Alpine, which builds functions from attributes, and write their
colours into a style element. Inline script stays forbidden there too."""


class ContentPolicy(CSPMiddleware):
    """The strict policy of the settings; the theme's record pages get what Alpine needs."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(RECORDS):
            extra: dict[str, Any] = dict(parts.update or {})
            parts.update = {**THEME_NEEDS, **extra}
        return parts
