"""The desk's list and page of orders: payments, cancelling, refunds, exports."""

import csv
from datetime import timedelta

import pytest
from auditlog.models import LogEntry

from bookings.models import Booking
from core import clock, keyset
from core.permissions import AUDITOR, DESK, FINANCE, KITCHEN, MANAGER, MARKETING
from orders import services
from orders.models import Order, Payment, Refund
from tests import factories
from tests.desk import booked, console, slot
from venues.models import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(db: None) -> Room:
    return factories.room()


def order_of(booking: Booking) -> Order:
    assert booking.line is not None
    return booking.line.order


def test_the_list_filters_and_searches(room: Room) -> None:
    desk = console(DESK)
    who = factories.member(nickname="王小明", phone="13812345678")
    mine = order_of(booked(room, member=who))
    guest = order_of(booked(room, start=slot(3), guest_name="Ada", pay=True))

    def numbers(**query: str) -> list[str]:
        return [item.number for item in desk.get("/orders/", query).context["page"].rows]

    assert numbers() == [guest.number, mine.number]
    assert numbers(status="paid") == [guest.number]
    assert numbers(q=mine.number.lower()) == numbers(q="5678") == numbers(q="王") == [mine.number]
    assert numbers(q="nobody") == numbers(status="nonsense") == []
    assert console(KITCHEN).get("/orders/").status_code == 403
    stranger = console(DESK, venues=[factories.venue()])
    assert stranger.get("/orders/").context["page"].rows == []
    assert stranger.get(f"/orders/{mine.pk}/").status_code == 404


def test_the_desk_takes_money_and_no_more_than_is_open(room: Room) -> None:
    desk = console(DESK)
    order = order_of(booked(room, guest_name="Ada"))
    address = f"/orders/{order.pk}/pay/"
    assert "¥120.00 is to be paid" in desk.get(f"/orders/{order.pk}/").content.decode()
    assert desk.post(address, {"pay-method": "cash", "pay-amount": "500"}).status_code == 422
    assert desk.post(address, {"pay-method": "card", "pay-amount": "120"}).status_code == 422
    assert desk.post(address, {"pay-method": "cash", "pay-amount": "-1"}).status_code == 422
    assert Payment.objects.count() == 0
    assert desk.post(address, {"pay-method": "cash", "pay-amount": "20"}).status_code == 302
    done = desk.post(address, {"pay-method": "card", "pay-amount": "100", "pay-reference": "T-1"})
    assert done.status_code == 302
    order.refresh_from_db()
    assert (order.status, order.paid_fen, Booking.objects.get().status) == ("paid", 12000, "confirmed")


def test_cancelling_says_and_owes_a_refund_that_finance_hands_out(room: Room) -> None:
    order = order_of(booked(room, guest_name="Ada", pay=True))
    desk, finance = console(DESK), console(FINANCE)
    assert "refunds ¥120.00 to A**." in desk.get(f"/orders/{order.pk}/").content.decode()
    assert desk.post(f"/orders/{order.pk}/cancel/", {"cancel-reason": "ill"}).status_code == 302
    refund = Refund.objects.get()
    assert (refund.state, refund.amount_fen) == ("due", 12000)
    address = f"/orders/refunds/{refund.pk}/hand-out/"
    assert desk.post(address).status_code == 403
    assert console(FINANCE, venues=[factories.venue()]).post(address).status_code == 404
    refund.refresh_from_db()
    assert refund.state == "due"
    assert finance.post(address, {f"refund{refund.pk}-reference": "R-1"}).status_code == 302
    assert finance.post(address).status_code == 302
    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.state, refund.reference, order.status) == ("done", "R-1", "refunded")


@pytest.mark.parametrize(("action", "role"), [("pay", AUDITOR), ("cancel", FINANCE), ("cancel", AUDITOR)])
def test_who_may_not_changes_nothing(room: Room, action: str, role: str) -> None:
    order = order_of(booked(room, guest_name="Ada"))
    data = {"pay-method": "cash", "pay-amount": "120", "cancel-reason": "x"}
    assert console(role).post(f"/orders/{order.pk}/{action}/", data).status_code == 403
    order.refresh_from_db()
    assert (order.status, order.paid_fen) == ("awaiting_payment", 0)


def test_an_expired_order_cannot_be_paid(room: Room) -> None:
    order = order_of(booked(room, guest_name="Ada"))
    services.expire_order(order_id=order.pk, at=clock.now() + timedelta(minutes=16))
    page = console(DESK).post(f"/orders/{order.pk}/pay/", {"pay-method": "cash", "pay-amount": "120"})
    assert (page.status_code, Payment.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("path", "first"), [("/bookings/export.csv", "Check-in code"), ("/orders/export.csv", "Number")]
)
def test_exports_are_the_list_on_screen_safe_masked_and_audited(room: Room, path: str, first: str) -> None:
    booked(room, guest_name="=cmd()")
    booked(room, start=slot(2), member=factories.member(nickname="王小明"))
    booked(room, start=slot(4), guest_name="Cy", pay=True)
    finance = console(FINANCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(keyset.chunks.__kwdefaults__, "size", 2)
        answer = finance.get(path)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert (rows[0][0], len(rows)) == (first, 4)
    shown = finance.get(path.removesuffix("export.csv")).context["page"].rows
    assert [row[0] for row in rows[1:]] == [getattr(item, "code", None) or item.number for item in shown]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert "王小明" not in text
    held = b"".join(finance.get(path, {"q": "nobody"}).streaming_content).decode()
    assert len(held.splitlines()) == 1
    assert LogEntry.objects.filter(additional_data__action=path.split("/")[1] + ".export").count() == 2
    for role in (DESK, MARKETING, AUDITOR):
        assert console(role).get(path).status_code == 403


def test_who_may_reveal_exports_names_in_full(room: Room) -> None:
    booked(room, member=factories.member(nickname="王小明"))
    manager = console(MANAGER)
    text = b"".join(manager.get("/bookings/export.csv").streaming_content).decode()
    codes = Order.objects.count(), Booking.objects.count()
    reveals = manager.get("/").wsgi_request.user.has_perm("members.reveal")
    assert ("王小明" in text) == reveals
    assert codes == (1, 1)
