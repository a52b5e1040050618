"""The desk's list and card of bookings: who sees what, what can be done, what it says it will do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import services
from bookings.models import Booking, BookingEvent, Strike
from core import keyset
from core.permissions import AUDITOR, DESK, KITCHEN, MANAGER
from members.models import Member
from orders.models import Refund
from tests import factories
from tests.desk import booked, console, slot
from venues.models import Room

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_the_filters_leave(room: Room, member: Member) -> None:
    desk = console(DESK)
    Member.objects.filter(pk=member.pk).update(nickname="王小明", phone_last4="5678")
    mine = booked(room, member=member)
    guest = booked(room, start=slot(3), guest_name="Ada Lovelace", pay=True)

    def codes(**query: str) -> list[str]:
        answer = desk.get("/bookings/", query)
        assert answer.status_code == 200
        return [item.code for item in answer.context["page"].rows]

    assert codes() == [guest.code, mine.code]
    assert codes(status="confirmed") == [guest.code]
    assert codes(day=f"{slot():%Y-%m-%d}") == [guest.code, mine.code]
    assert codes(day=f"{slot(days=5):%Y-%m-%d}") == []
    assert codes(q=mine.code.lower()) == [mine.code]
    assert mine.line is not None
    assert codes(q=mine.line.order.number) == [mine.code]
    assert codes(q="5678") == codes(q="王小") == [mine.code]
    assert codes(q="ada") == [guest.code]
    assert codes(q="nobody") == codes(room="999999") == codes(day="tomorrow") == []
    assert codes(cursor="garbage") == [guest.code, mine.code]
    page = desk.get("/bookings/").content.decode()
    assert "王**" in page
    assert "王小明" not in page


def test_pages_follow_each_other_with_as_many_queries(room: Room, member: Member) -> None:
    desk = console(DESK)
    for number in range(6):
        booked(room, start=slot(number), member=member)
    wanted = list(Booking.objects.order_by("-starts_at", "-pk").values_list("pk", flat=True))
    found: list[int] = []
    cursor, counts = "", []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(keyset.page.__kwdefaults__, "size", 2)
        desk.get("/bookings/")
        while True:
            with CaptureQueriesContext(connection) as queries:
                page = desk.get("/bookings/", {"cursor": cursor}).context["page"]
            counts.append(len(queries))
            found += [item.pk for item in page.rows]
            cursor = page.next
            if not cursor:
                break
    assert found == wanted
    assert counts == [11, 11, 11]


def test_other_venues_are_not_there(room: Room) -> None:
    found = booked(room, guest_name="Ada")
    stranger = console(DESK, venues=[factories.venue()])
    assert stranger.get("/bookings/").context["page"].rows == []
    assert stranger.get(f"/bookings/{found.pk}/").status_code == 404
    assert stranger.post(f"/bookings/{found.pk}/cancel/", {"cancel-reason": "x"}).status_code == 404
    found.refresh_from_db()
    assert found.status == "held"


def test_the_card_tells_what_cancelling_does_and_does_it(room: Room, member: Member) -> None:
    desk = console(DESK)
    Member.objects.filter(pk=member.pk).update(nickname="王小明")
    found = booked(room, member=member, pay=True)
    page = desk.get(f"/bookings/{found.pk}/").content.decode()
    assert "Frees the room, refunds ¥120.00 to 王**." in page
    refused = desk.post(f"/bookings/{found.pk}/cancel/", {"cancel-reason": ""})
    assert (refused.status_code, Refund.objects.count()) == (422, 0)
    assert desk.post(f"/bookings/{found.pk}/cancel/", {"cancel-reason": "ill"}).status_code == 302
    found.refresh_from_db()
    assert (found.status, Refund.objects.get().amount_fen) == ("cancelled", 12000)
    after = desk.get(f"/bookings/{found.pk}/").content.decode()
    assert "Not possible while it is" in after


def test_check_in_end_and_move(room: Room, member: Member) -> None:
    desk = console(DESK)
    found = booked(room, member=member, pay=True, hours=2)
    moved = {"move-room": room.pk, "move-starts": "2020-01-01T10:00", "move-ends": "2020-01-01T11:00"}
    assert desk.post(f"/bookings/{found.pk}/move/", moved).status_code == 422
    later = slot(4) + timedelta(hours=8)
    wish = {"move-starts": f"{later:%Y-%m-%dT%H:%M}", "move-ends": f"{later + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    assert desk.post(f"/bookings/{found.pk}/move/", moved | wish).status_code == 302
    found.refresh_from_db()
    assert (found.starts_at, found.price_fen) == (slot(4), 12000)
    panel = desk.post(f"/bookings/{found.pk}/check-in/", headers={"HX-Request": "true", "HX-Target": "panel-body"})
    assert (panel.status_code, panel["HX-Trigger"]) == (200, "desk:changed")
    assert "<html" not in panel.content.decode()
    assert desk.post(f"/bookings/{found.pk}/end/").status_code == 302
    assert list(BookingEvent.objects.filter(booking=found).values_list("action", flat=True)) == [
        "hold", "confirm", "move", "check_in", "end", "freed",
    ]  # fmt: skip


def test_approval_and_rejection_are_the_managers(member: Member) -> None:
    room = factories.room(needs_approval=True)
    found = booked(room, member=member)
    other = booked(room, start=slot(5), member=member)
    assert console(DESK).post(f"/bookings/{found.pk}/approve/").status_code == 403
    manager = console(MANAGER)
    assert manager.post(f"/bookings/{found.pk}/approve/").status_code == 302
    assert manager.post(f"/bookings/{other.pk}/reject/", {"reject-reason": "full"}).status_code == 302
    assert list(Booking.objects.order_by("pk").values_list("status", flat=True)) == ["held", "rejected"]


@pytest.mark.parametrize("action", ["approve", "reject", "check-in", "end", "move", "cancel"])
def test_who_may_only_look_changes_nothing(room: Room, action: str) -> None:
    found = booked(room, guest_name="Ada", pay=False)
    for role in (AUDITOR, KITCHEN):
        client = console(role)
        assert client.get(f"/bookings/{found.pk}/").status_code == 200
        assert client.post(f"/bookings/{found.pk}/{action}/", {"cancel-reason": "x"}).status_code == 403
    found.refresh_from_db()
    assert (found.status, found.events.count()) == ("held", 1)


def test_an_unknown_action_is_not_there(room: Room) -> None:
    found = booked(room, guest_name="Ada")
    assert console(MANAGER).post(f"/bookings/{found.pk}/delete/").status_code == 404


def test_a_no_show_is_seen_on_the_members_page_and_forgiven(room: Room, member: Member) -> None:
    desk = console(DESK)
    found = booked(room, member=member, pay=True)
    services.release_no_show(booking_id=found.pk, at=found.starts_at + timedelta(minutes=16))
    strike = Strike.objects.get()
    assert console(DESK, venues=[factories.venue()]).post(f"/bookings/strikes/{strike.pk}/waive/").status_code == 404
    assert console(AUDITOR).post(f"/bookings/strikes/{strike.pk}/waive/").status_code == 403
    page = desk.get(f"/members/{member.pk}/").content.decode()
    assert f"/bookings/{found.pk}/" in page
    assert f"/bookings/strikes/{strike.pk}/waive/" in page
    assert desk.post(f"/bookings/strikes/{strike.pk}/waive/").status_code == 302
    strike.refresh_from_db()
    assert strike.waived_at is not None


def test_home_says_what_waits(member: Member) -> None:
    booked(factories.room(needs_approval=True), member=member)
    assert "/bookings/?status=pending" in console(MANAGER).get("/").content.decode()
    assert "/bookings/?status=pending" not in console(DESK).get("/").content.decode()
