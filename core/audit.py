"""Leaves a trace of what staff did: who, what, when, before and after."""

from collections.abc import Mapping
from typing import Any

from auditlog.models import LogEntry
from django.db.models import Model


def record(
    *,
    actor: Any,
    action: str,
    subject: Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write one audit entry; ``action`` is a word such as ``reveal`` or ``timer.fire_now``.

    Records without rules are tracked by auditlog itself; this is for actions, exports and reveals.
    """
    keys = sorted({*(before or {}), *(after or {})})
    changes = {k: [str((before or {}).get(k, "")), str((after or {}).get(k, ""))] for k in keys}
    LogEntry.objects.log_create(
        subject,
        force_log=True,
        action=LogEntry.Action.ACCESS if not changes else LogEntry.Action.UPDATE,
        changes=changes,
        actor=actor if getattr(actor, "pk", None) else None,
        additional_data={"action": action, "reason": reason},
    )
