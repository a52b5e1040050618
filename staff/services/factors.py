"""The second factor: TOTP with backup codes, on django-otp's devices."""

import secrets
from datetime import datetime

from django.conf import settings
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import audit
from core.transactions import unit
from staff import rules
from staff.models import User
from staff.services.access import end_other_sessions

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def has_factor(user: User) -> bool:
    """Whether the user has a confirmed authenticator."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def must_have_factor(user: User) -> bool:
    """Whether the user's roles demand a second factor here (`SECOND_FACTOR_REQUIRED`)."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return user.is_superuser or any(role.slug in rules.SECOND_FACTOR_ROLES for role in user.role_list)


@unit
def pending_device(*, user: User) -> TOTPDevice:
    """The authenticator that is being enrolled; the same until it is confirmed."""
    device: TOTPDevice = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "Atrium"})[0]
    return device


@unit
def confirm_factor(*, user: User, token: str, keep_key: str) -> list[str] | None:
    """Confirm the enrolment with a first code: fresh backup codes, or None for a wrong code.

    Other sessions end, so that every one of them has passed the second factor.
    """
    device = pending_device(user=user)
    if not device.verify_token(token):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    audit.record(actor=user, action="second_factor.enrol", subject=user)
    end_other_sessions(user=user, keep_key=keep_key)
    return new_backup_codes(user=user)


@unit
def new_backup_codes(*, user: User) -> list[str]:
    """Replace the backup codes; each opens once."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup")
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(rules.BACKUP_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


@unit
def verify(*, user: User, token: str) -> TOTPDevice | StaticDevice | None:
    """The device that accepts the code (authenticator, then backup codes); each code opens once.

    Devices lock themselves for longer and longer after failures (django-otp's throttling).
    """
    cleaned = token.replace(" ", "").replace("-", "").lower()
    devices = [
        *TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True),
        *StaticDevice.objects.select_for_update().filter(user=user, confirmed=True),
    ]
    wanted = TOTPDevice if cleaned.isdigit() else StaticDevice
    return next((item for item in devices if isinstance(item, wanted) and item.verify_token(cleaned)), None)


@unit
def remove_factor(*, user: User, by: User, at: datetime, reason: str = "", keep_key: str = "") -> None:
    """Take the second factor away (a lost telephone); sessions end, the act is recorded."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    audit.record(actor=by, action="second_factor.remove", subject=user, reason=reason)
    end_other_sessions(user=user, keep_key=keep_key)
