"""Cursor paging of the members' API: ``{"results": [...], "next": url|null}``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from core.errors import Invalid

MAX_PAGE_SIZE = 100


class CursorPage(CursorPagination):
    """Keyset paging; a page size outside 1..100 or a broken cursor is refused, not bent."""

    page_size = 20
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
    ordering: str | tuple[str, ...] = "-id"

    def get_page_size(self, request: Any) -> int:
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MAX_PAGE_SIZE):
            raise Invalid(_("Between 1 and 100."), field="page_size")
        return int(text)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        try:
            found: list[Any] | None = super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, NotFound, ValidationError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise Invalid(_("Not a cursor of this list."), field=self.cursor_query_param) from error
        return found

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": self.page_size}
        described = [
            (self.cursor_query_param, {"type": "string"}, _("Where the next page starts; taken from `next`.")),
            (self.page_size_query_param, size, _("How many results a page has.")),
        ]
        return [
            {"name": name, "required": False, "in": "query", "description": str(text), "schema": schema}
            for name, schema, text in described
        ]
