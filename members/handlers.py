"""What the members' app tells the shell: looks of its states and its search."""

from django.utils.translation import gettext_lazy as _

from core import search, tones
from members import queries
from members.models import Member


def register() -> None:
    """Called once when the app is ready."""
    label = Member._meta.label_lower
    tones.register(label, Member.Status.ACTIVE, _("Active"), "check_circle", tones.GOOD)
    tones.register(label, Member.Status.BLOCKED, _("Blocked"), "block", tones.BAD)
    search.register(queries.search, permission="members.view")
