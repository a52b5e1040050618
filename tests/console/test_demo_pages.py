"""Every page that the demonstration leads to opens, whatever the order or booking went through."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from bookings.models import Booking
from orders.models import Order
from staff.models import User


@pytest.mark.django_db
def test_an_order_and_a_booking_of_every_state_open(settings: Any) -> None:
    call_command("demo", verbosity=0)
    browser = Client()
    browser.force_login(User.objects.get(username="owner"))
    pages = [f"/orders/{pk}/" for pk in _one_of_each(Order)] + [f"/bookings/{pk}/" for pk in _one_of_each(Booking)]
    assert len(pages) >= 12
    assert {page: browser.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def _one_of_each(model: Any) -> list[int]:
    states = model.objects.values_list("status", flat=True).distinct()
    return [pk for state in set(states) for pk in model.objects.filter(status=state).values_list("pk", flat=True)[:3]]
