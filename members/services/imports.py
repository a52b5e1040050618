"""Members from a file: all or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import audit
from core.transactions import unit
from members.models import Member
from members.services.people import save_unique


@unit
def import_members(*, rows: Sequence[dict[str, Any]], by: Any, at: datetime) -> int:
    """Create a member for each row (fields of Member by name); answers how many. Raises PhoneTaken."""
    for row in rows:
        phone = row.get("phone") or None
        made = Member(**{**row, "phone": phone, "phone_last4": (phone or "")[-4:], "created_at": at})
        save_unique(made)
    audit.record(actor=by, action="member.import", subject=by, after={"members": len(rows)})
    return len(rows)
