from datetime import UTC, datetime, timedelta

import pytest

from tests.timers import probe
from timers import auditors, queries, rules, services
from timers.errors import BadWallClock
from timers.models import OutboxMessage, Timer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_table")]
AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=15)


def test_a_subject_has_one_live_timer_of_a_kind_and_a_repeat_replaces_it() -> None:
    subject = probe.Probe.objects.create()
    first = services.schedule(kind=probe.EXPIRE, subject=subject, due_at=LATER, at=AT)
    second = services.schedule(kind=probe.EXPIRE, subject=subject, due_at=LATER + timedelta(minutes=1), at=AT)
    assert first.pk == second.pk
    assert [t.due_at for t in queries.for_subject(subject)] == [LATER + timedelta(minutes=1)]


def test_cancel_and_reschedule_answer_whether_something_was_live() -> None:
    subject = probe.Probe.objects.create()
    services.schedule(kind=probe.EXPIRE, subject=subject, due_at=LATER, at=AT)
    assert services.reschedule(kind=probe.EXPIRE, subject=subject, due_at=AT, at=AT)
    assert services.cancel(kind=probe.EXPIRE, subject=subject)
    assert not services.cancel(kind=probe.EXPIRE, subject=subject)
    assert not services.reschedule(kind=probe.EXPIRE, subject=subject, due_at=AT, at=AT)
    assert Timer.objects.get().state == Timer.State.CANCELLED


def test_coalesced_causes_keep_the_earliest_time() -> None:
    subject = probe.Probe.objects.create()
    for minutes in (9, 3, 6):
        services.schedule(kind=probe.MERGE, subject=subject, due_at=AT + timedelta(minutes=minutes), at=AT)
    assert [t.due_at for t in queries.for_subject(subject)] == [AT + timedelta(minutes=3)]


def test_an_unknown_kind_and_a_reminder_without_an_end_are_mistakes() -> None:
    subject = probe.Probe.objects.create()
    with pytest.raises(LookupError):
        services.schedule(kind="nobody.knows", subject=subject, due_at=LATER, at=AT)
    with pytest.raises(ValueError, match="skip_after"):
        services.schedule(kind=probe.REMIND, subject=subject, due_at=LATER, at=AT)
    assert Timer.objects.count() == 0


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2027-03-14T02:30", "America/New_York", "2027-03-14T07:30+00:00"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30+00:00"),
        ("2026-11-02T09:00", "America/New_York", "2026-11-02T14:00+00:00"),
        ("2026-10-31T09:00", "America/New_York", "2026-10-31T13:00+00:00"),
        ("2027-03-14T02:30", "Asia/Shanghai", "2027-03-13T18:30+00:00"),
        ("2028-02-29T09:00", "Asia/Shanghai", "2028-02-29T01:00+00:00"),
    ],
)
def test_wall_clocks_follow_their_zone(wall: str, zone: str, utc: str) -> None:
    subject = probe.Probe.objects.create()
    timer = services.schedule(kind=probe.EXPIRE, subject=subject, wall_clock=wall, zone=zone, at=AT)
    timer.refresh_from_db()
    assert timer.due_at == datetime.fromisoformat(utc)


def test_the_29th_of_february_comes_back_and_nonsense_is_refused() -> None:
    assert rules.next_wall_clock("2028-02-29T09:00", months=12) == "2029-02-28T09:00"
    assert rules.next_wall_clock("2028-02-29T09:00", months=48) == "2032-02-29T09:00"
    for wall, zone in [("2027-02-29T09:00", "Asia/Shanghai"), ("2027-01-01T09:00", "Mars/Base"), ("x", "UTC")]:
        with pytest.raises(BadWallClock):
            rules.due_at(wall, zone)


def test_the_auditor_arms_what_lacks_a_timer_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = probe.Probe.objects.bulk_create([probe.Probe(open=n != 4) for n in range(5)])
    services.schedule(kind=probe.EXPIRE, subject=subjects[0], due_at=LATER, at=AT)
    monkeypatch.setattr(auditors, "_auditors", {})
    auditors.register(
        probe.EXPIRE,
        lambda: probe.Probe.objects.filter(open=True),
        lambda subject, at: services.schedule(kind=probe.EXPIRE, subject=subject, due_at=at, at=at) and None,
    )
    assert auditors.audit(at=AT) == {probe.EXPIRE: 3}
    assert auditors.audit(at=AT) == {probe.EXPIRE: 0}
    assert OutboxMessage.objects.count() == 0
