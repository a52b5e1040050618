"""Reads of timers for pages, checks and the panel of what happens next."""

from django.db.models import Model, QuerySet

from timers.models import Timer


def for_subject(subject: Model) -> QuerySet[Timer]:
    """The live timers of a subject, soonest first."""
    return Timer.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, state__in=Timer.LIVE
    ).order_by("due_at", "id")
