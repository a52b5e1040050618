"""Staff's scope of venues, as the floor below asks for it."""

from collections.abc import Collection
from typing import Any

from venues.models import StaffScope, Venue


class VenueScope:
    """Keeps which venues a user works in (`staff.registry.Scope`)."""

    def choices(self, user: Any) -> list[tuple[int, str]]:
        return list(Venue.objects.visible_to(user).values_list("pk", "name"))

    def ids(self, user: Any) -> frozenset[int]:
        return frozenset(StaffScope.objects.filter(user_id=user.pk).values_list("venue_id", flat=True))

    def replace(self, user: Any, venue_ids: Collection[int]) -> None:
        wanted, present = set(venue_ids), set(self.ids(user))
        StaffScope.objects.filter(user_id=user.pk, venue_id__in=present - wanted).delete()
        for venue_id in sorted(wanted - present):
            StaffScope.objects.create(user_id=user.pk, venue_id=venue_id)

    def colleagues(self, user: Any) -> Any:
        own = StaffScope.objects.filter(user_id=user.pk).values("venue_id")
        return StaffScope.objects.filter(venue_id__in=own).values("user_id")
