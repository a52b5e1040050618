"""Access of colleagues: roles, venues, disabling; nobody goes above their own."""

from collections.abc import Collection
from datetime import datetime

from core import permissions
from core.transactions import lock, unit
from staff import registry, rules
from staff.errors import AboveOwnRights, LastOwner, OwnAccount
from staff.models import Role, User
from staff.services.access import end_other_sessions
from staff.services.factors import remove_factor


@unit
def change_access(
    *, user: User, roles: Collection[Role], all_venues: bool, venue_ids: Collection[int], by: User
) -> User:
    """Set a colleague's roles and venues. Raises OwnAccount, AboveOwnRights, LastOwner."""
    current = _colleague(user, by)
    wanted = rules.Reach(rules.union([role.permissions for role in roles]), frozenset(venue_ids), all_venues=all_venues)
    if not by.reach.covers(wanted):
        raise AboveOwnRights()
    if all(role.slug != permissions.OWNER for role in roles) or not all_venues:
        _keep_an_owner(current)
    current.all_venues = all_venues
    current.save(update_fields=["all_venues"])
    current.roles.set(roles)
    registry.scope().replace(current, [] if all_venues else venue_ids)
    return current


@unit
def disable(*, user: User, by: User) -> User:
    """End a colleague's access: with the next request, in every browser."""
    current = _colleague(user, by)
    _keep_an_owner(current)
    current.is_active = False
    current.save(update_fields=["is_active"])
    end_other_sessions(user=current)
    return current


@unit
def enable(*, user: User, by: User) -> User:
    """Let a disabled colleague back in, with the access they had."""
    current = _colleague(user, by)
    current.is_active = True
    current.save(update_fields=["is_active"])
    return current


@unit
def log_out_colleague(*, user: User, by: User) -> int:
    """End every session of a colleague; answers how many there were."""
    return end_other_sessions(user=_colleague(user, by))


@unit
def reset_factor(*, user: User, by: User, at: datetime) -> None:
    """Remove a colleague's second factor after they lost it; they enrol again."""
    remove_factor(user=_colleague(user, by), by=by, at=at)


def _colleague(user: User, by: User) -> User:
    """The locked user, whom ``by`` may manage: not oneself, nobody who reaches further."""
    if user.pk == by.pk:
        raise OwnAccount()
    current: User = lock(User.objects.all(), [user.pk])[0]
    if not by.reach.covers(current.reach):
        raise AboveOwnRights()
    return current


def _keep_an_owner(leaving: User) -> None:
    """Raise LastOwner if ``leaving`` is the only active owner; owners are locked in order."""
    owners = User.objects.filter(is_active=True, roles__slug=permissions.OWNER).values_list("pk", flat=True)
    locked = lock(User.objects.all(), owners)
    if {owner.pk for owner in locked} == {leaving.pk}:
        raise LastOwner()
