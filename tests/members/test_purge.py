"""What is kept for a time is forgotten after it, by beat."""

from datetime import timedelta

import pytest

from console.beat import SCHEDULE
from console.celery import app
from core import clock
from members import tasks
from members.models import IdempotencyRecord, MemberSession
from tests import factories


@pytest.mark.django_db
def test_answers_go_after_a_day_and_sessions_after_90() -> None:
    who, now = factories.member(), clock.real_now()
    for hours in (23, 25, 99):
        at = now - timedelta(hours=hours)
        IdempotencyRecord.objects.create(member=who, key=f"k{hours}", fingerprint="f", created_at=at)
    for days in (-1, 89, 91):
        at = now - timedelta(days=days)
        who.sessions.create(key_id=f"s{days}", key_version="1", created_at=at, expires_at=at)
    assert (tasks.purge_answers(), tasks.purge_sessions()) == (2, 1)
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["k23"]
    assert {session.key_id for session in MemberSession.objects.all()} == {"s-1", "s89"}


def test_beat_knows_the_tasks_of_members() -> None:
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in SCHEDULE.values() if entry["task"].startswith("members.")}
    assert planned == {"members.purge_answers", "members.purge_sessions"} and planned <= set(app.tasks)
