"""The base of every members' endpoint (upper apps build theirs on it too)."""

from typing import Any, cast

from django.http import Http404
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from core.api_fields import parse_id
from core.paging import CursorPage
from members.authentication import SignedSession
from members.models import Member
from members.parsers import StrictJSONParser
from members.schema import MemberSchema


class MemberView(APIView):
    """Signed by default; gives handlers validated data and cursor pages.

    ``paging`` may be replaced by a subclass with another ordering.
    """

    authentication_classes = [SignedSession]
    parser_classes = [StrictJSONParser]
    schema = MemberSchema()
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    paging: type[CursorPage] = CursorPage

    def member_of(self, request: Request) -> Member:
        """The signed-in member."""
        return cast(Member, request.user)

    def data_of(self, request: Request, serializer: type[BaseSerializer[Any]]) -> Any:
        """The validated body; raises ValidationError naming the dotted fields."""
        checked = serializer(data=request.data, context={"request": request})
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def query_of(self, request: Request, serializer: type[BaseSerializer[Any]]) -> Any:
        """The validated query parameters."""
        checked = serializer(data=request.query_params.dict(), context={"request": request})
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def id_of(self, text: str) -> int:
        """A primary key from the address; what is no id is simply not there (404)."""
        found = parse_id(text)
        if found is None:
            raise Http404
        return found

    def page(self, request: Request, rows: Any, show: Any) -> Any:
        """One page of ``rows``, each shown by the function ``show``."""
        pager = self.paging()
        found: list[Any] | None = pager.paginate_queryset(rows, request, view=self)
        return pager.get_paginated_response([show(row) for row in found or []])

    def page_of(self, request: Request, rows: Any, show_many: Any) -> Any:
        """One page of ``rows``, shown together by a function of the list."""
        pager = self.paging()
        found: list[Any] | None = pager.paginate_queryset(rows, request, view=self)
        return pager.get_paginated_response(show_many(found or []))
