"""Record pages of orders: to read only; the desk works on their pages."""

from django.contrib import admin

from core.admin import RuledAdmin
from orders.models import Order, Payment, Refund


class Orders(RuledAdmin):
    view_permission = "orders.view"
    list_display = ("number", "status", "created_at", "payable_fen", "paid_fen", "refunded_fen")
    list_filter = ("status",)
    search_fields = ("=number",)
    ordering = ("-created_at", "-id")
    exclude = ("member", "guest_name", "guest_phone", "note")


class Payments(RuledAdmin):
    view_permission = "orders.view"
    list_display = ("id", "method", "amount_fen", "refunded_fen", "received_at", "reference")


class Refunds(RuledAdmin):
    view_permission = "orders.view"
    list_display = ("id", "amount_fen", "state", "created_at", "done_at", "reference")
    list_filter = ("state",)


admin.site.register(Order, Orders)
admin.site.register(Payment, Payments)
admin.site.register(Refund, Refunds)
