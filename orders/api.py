"""The members' entrance: quotes and orders."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api_fields import FenField, IdField, InstantField, StrictSerializer
from members.entrance import MemberView
from members.idempotency import idempotent
from orders import queries, services
from orders.models import Order
from orders.registry import Buyer
from orders.services.placing import MAX_LINES, parse_lines


class LineDict(serializers.DictField):
    """One line; its handler validates it by ``kind``."""

    default_error_messages = {"not_a_dict": "Not an object."}


class Lines(StrictSerializer):
    lines = serializers.ListField(child=LineDict(), min_length=1, max_length=MAX_LINES)
    coupon = serializers.CharField(max_length=64, required=False, allow_null=True)


class NewOrder(Lines):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class Cancel(StrictSerializer):
    lines = serializers.ListField(child=IdField(), min_length=1, max_length=MAX_LINES, required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class LineShape(serializers.Serializer[Any]):
    id = IdField()
    kind = serializers.CharField()
    title = serializers.CharField()
    status = serializers.CharField()
    amount_fen = FenField()
    discount_fen = FenField()
    payable_fen = FenField()
    refunded_fen = FenField()
    why = serializers.ListField(child=serializers.CharField())
    object = serializers.DictField(allow_null=True)


class OrderShape(serializers.Serializer[Any]):
    id = IdField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    venue = IdField()
    note = serializers.CharField()
    lines = LineShape(many=True)
    total_fen = FenField()
    discount_fen = FenField()
    payable_fen = FenField()
    refunded_fen = FenField()
    created_at = InstantField()
    expires_at = InstantField(allow_null=True)
    paid_at = InstantField(allow_null=True)


class QuoteLineShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    title = serializers.CharField()
    amount_fen = FenField()
    discount_fen = FenField()
    payable_fen = FenField()
    why = serializers.ListField(child=serializers.CharField())
    available = serializers.BooleanField()
    needs_approval = serializers.BooleanField()


class QuoteShape(serializers.Serializer[Any]):
    lines = QuoteLineShape(many=True)
    total_fen = FenField()
    discount_fen = FenField()
    payable_fen = FenField()
    coupons = serializers.ListField(child=serializers.DictField())
    conflicts = serializers.ListField(child=serializers.DictField())


class Quotes(MemberView):
    """What lines would cost and why; nothing is held."""

    @extend_schema(request=Lines, responses=QuoteShape)
    @idempotent()
    def post(self, request: Request) -> Response:
        data = self.data_of(request, Lines)
        quote = services.quote(
            wishes=parse_lines(data["lines"]),
            buyer=Buyer(member=self.member_of(request)),
            at=clock.now(),
            coupon=data.get("coupon"),
        )
        return Response(queries.show_quote(quote))


class Orders(MemberView):
    """Own orders; a new one holds everything or nothing."""

    @extend_schema(
        parameters=[OpenApiParameter("status", OpenApiTypes.STR, enum=Order.Status.values)],
        responses=OrderShape(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = Order.objects.filter(member=self.member_of(request))
        status = request.query_params.get("status")
        if status is not None:
            field = serializers.ChoiceField(choices=Order.Status.choices)
            rows = rows.filter(status=_valid(field, "status", status))
        return self.page_of(request, rows, queries.show_orders)

    @extend_schema(request=NewOrder, responses={201: OrderShape})
    @idempotent(required=True)
    def post(self, request: Request) -> Response:
        data = self.data_of(request, NewOrder)
        order = services.place_order(
            wishes=parse_lines(data["lines"]),
            buyer=Buyer(member=self.member_of(request)),
            at=clock.now(),
            source=Order.Source.API,
            note=data["note"],
            coupon=data.get("coupon"),
        )
        return Response(queries.show_order(order), status=201)


class OneOrder(MemberView):
    """One of the own orders."""

    @extend_schema(responses=OrderShape)
    def get(self, request: Request, pk: str) -> Response:
        return Response(queries.show_order(own_order(self, request, pk)))


class CancelOrder(MemberView):
    """Cancel an order or some of its lines, by the frozen policy."""

    @extend_schema(request=Cancel, responses=OrderShape)
    @idempotent(required=True)
    def post(self, request: Request, pk: str) -> Response:
        data = self.data_of(request, Cancel)
        order = services.cancel_lines(
            order_id=own_order(self, request, pk).pk,
            line_ids=data.get("lines"),
            at=clock.now(),
            by=self.member_of(request),
            reason=data["reason"],
        )
        return Response(queries.show_order(order))


def own_order(view: MemberView, request: Request, pk: str) -> Order:
    """The member's order of that id; another's is simply not there."""
    found = Order.objects.filter(pk=view.id_of(pk), member=view.member_of(request)).first()
    if found is None:
        raise Http404
    return found


def _valid(field: serializers.Field[Any, Any, Any, Any], name: str, value: str) -> Any:
    try:
        return field.run_validation(value)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({name: error.detail}) from error
