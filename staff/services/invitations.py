"""Invitations: a link, signed by its own randomness, single use, expiring."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError

from core.transactions import lock_one, unit, violates
from staff import registry, rules
from staff.errors import AboveOwnRights, InvitationUnusable, UsernameTaken
from staff.models import Invitation, Role, User

_SALT = "staff.invitation"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@unit
def invite(
    *,
    name: str,
    email: str,
    roles: Collection[Role],
    all_venues: bool,
    venue_ids: Collection[int],
    by: User,
    at: datetime,
) -> tuple[Invitation, str]:
    """Write an invitation; answers it and the token of its link, which is shown once.

    Raises AboveOwnRights when it would give more than ``by`` holds.
    """
    wanted = rules.Reach(rules.union([role.permissions for role in roles]), frozenset(venue_ids), all_venues=all_venues)
    if not by.reach.covers(wanted):
        raise AboveOwnRights()
    token = signing.Signer(salt=_SALT).sign(secrets.token_urlsafe(24))
    made = Invitation.objects.create(
        digest=_digest(token),
        name=name,
        email=email,
        all_venues=all_venues,
        venue_ids=[] if all_venues else sorted(venue_ids),
        invited_by=by,
        created_at=at,
        expires_at=at + timedelta(days=rules.INVITATION_DAYS),
    )
    made.roles.set(roles)
    return made, token


def find_open(*, token: str, at: datetime) -> Invitation:
    """The invitation of a link. Raises InvitationUnusable when forged, used, revoked or expired."""
    try:
        signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        raise InvitationUnusable() from None
    found = Invitation.objects.filter(digest=_digest(token), closed_at=None, expires_at__gt=at).first()
    if found is None or not found.invited_by.is_active:
        raise InvitationUnusable()
    return found


@unit
def accept(*, token: str, username: str, name: str, password: str, language: str, at: datetime) -> User:
    """Make the user of an invitation, once. Raises InvitationUnusable, UsernameTaken.

    What is granted is compared once more with what the inviter holds now.
    """
    found = find_open(token=token, at=at)
    locked = lock_one(Invitation.objects.all(), found.pk)
    if locked is None or locked.closed_at is not None:
        raise InvitationUnusable()
    roles = list(locked.roles.all())
    wanted = rules.Reach(
        rules.union([role.permissions for role in roles]), frozenset(locked.venue_ids), all_venues=locked.all_venues
    )
    if not locked.invited_by.reach.covers(wanted):
        raise InvitationUnusable()
    user = _create(username, name, password, email=locked.email, language=language, all_venues=locked.all_venues)
    user.roles.set(roles)
    registry.scope().replace(user, locked.venue_ids)
    locked.closed_at, locked.user = at, user
    locked.save(update_fields=["closed_at", "user"])
    return user


@unit
def revoke(*, invitation: Invitation, at: datetime) -> None:
    """Close an open invitation; its link opens nothing from now on."""
    Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(closed_at=at)


def _create(username: str, name: str, password: str, **fields: object) -> User:
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(field="username")
    try:
        user: User = User.objects.create_user(username, password, name=name, **fields)
    except IntegrityError as error:
        if violates(error, User, "username") or "username" in str(error):
            raise UsernameTaken(field="username") from None
        raise
    return user
