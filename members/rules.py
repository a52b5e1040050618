"""Pure rules about members: masks, derived secrets, words."""

import hashlib
import hmac

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SECRET_BYTES = 32
LEVELS = ("standard", "silver", "gold")
LEVEL_LABELS: dict[str, Promise] = {"standard": _("Standard"), "silver": _("Silver"), "gold": _("Gold")}
ACTIONS: dict[str, Promise] = {
    "member.block": _("Blocked; every session ended"),
    "member.unblock": _("Let in again"),
    "member.edit": _("Edited"),
    "member.import": _("Imported from a file"),
    "member.reveal": _("Personal data looked at"),
    "member.end_session": _("A session ended"),
    "member.end_sessions": _("Every session ended"),
}
"""What staff do with members, as the story tells it."""


def derive_secret(master_key: str, key_id: str) -> bytes:
    """The 32-byte secret of a session; derived, never stored (RULES.md, "Requests")."""
    return hmac.new(master_key.encode(), b"atrium session " + key_id.encode(), hashlib.sha256).digest()


def mask_phone(phone: str | None) -> str:
    """``13812345678`` → ``138****5678``; short numbers keep only their last two digits."""
    if not phone:
        return ""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > 8 else f"****{phone[-4:]}"


def mask_name(name: str) -> str:
    """``王小明`` → ``王**``; a Latin name keeps its first letter."""
    return name[:1] + "*" * min(max(len(name) - 1, 0), 2)
