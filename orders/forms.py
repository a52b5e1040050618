"""The forms of the desk for orders and money."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.listing import Wanted
from orders.models import Order, Payment


class YuanField(forms.DecimalField):
    """Yuan as people write them; cleaned to fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=10, decimal_places=2, min_value=Decimal("0.01"), **kwargs)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else int(found * 100)


class ListForm(forms.Form):
    """Filters of the list; an address carries them."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number, name, last four digits")}),
    )  # fmt: skip
    status = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *Order.Status.choices])
    day = forms.DateField(
        label=_("Made on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def wanted(self, venue: Any) -> Wanted | None:
        """What was asked for; None where a filter makes no sense."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Wanted(venue, data["status"], data["day"], data["q"].replace("\x00", "").strip())


class PaymentForm(forms.Form):
    """Money that was received at the desk."""

    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices)
    amount = YuanField(label=_("Amount, yuan"))
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=60, help_text=_("Number of the transfer or the card slip.")
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("method") in (Payment.Method.CARD, Payment.Method.TRANSFER) and not data.get("reference"):
            self.add_error("reference", _("A transfer or a card payment needs its reference."))
        return data


class CancelForm(forms.Form):
    """Why an order is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class HandOutForm(forms.Form):
    """How money went back."""

    reference = forms.CharField(label=_("Reference"), required=False, max_length=60)
