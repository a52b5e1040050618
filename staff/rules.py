"""Who may grant what: pure functions."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import permissions

INVITATION_DAYS = 7
BACKUP_CODES = 10
SECOND_FACTOR_ROLES = frozenset({permissions.OWNER, permissions.FINANCE})
"""Roles that must have a second factor in production."""

ROLE_LABELS: dict[str, Promise] = {
    permissions.OWNER: _("Owner"),
    permissions.MANAGER: _("Venue manager"),
    permissions.DESK: _("Front desk"),
    permissions.MARKETING: _("Marketing"),
    permissions.KITCHEN: _("Kitchen"),
    permissions.TECHNICIAN: _("Technician"),
    permissions.FINANCE: _("Finance"),
    permissions.AUDITOR: _("Auditor"),
}


@dataclass(frozen=True)
class Reach:
    """What somebody holds: permission codes and venues; ``everything`` for a superuser."""

    codes: frozenset[str]
    venue_ids: frozenset[int]
    all_venues: bool = False
    everything: bool = False

    def covers(self, other: "Reach") -> bool:
        """Whether ``other`` is no more than this."""
        if self.everything:
            return True
        if other.everything or (other.all_venues and not self.all_venues):
            return False
        places = self.all_venues or other.venue_ids <= self.venue_ids
        return places and other.codes <= self.codes


def union(role_codes: Collection[Collection[str]]) -> frozenset[str]:
    """The codes of several roles together."""
    return frozenset(code for codes in role_codes for code in codes)
