"""The only writer of staff users, roles, sessions, second factors and invitations."""

from staff.services.access import (
    choose_language,
    end_other_sessions,
    end_session,
    note_session,
    set_own_password,
)
from staff.services.factors import (
    confirm_factor,
    has_factor,
    must_have_factor,
    new_backup_codes,
    pending_device,
    remove_factor,
    verify,
)
from staff.services.invitations import accept, find_open, invite, revoke
from staff.services.people import change_access, disable, enable, log_out_colleague, reset_factor
from staff.services.roles import delete_role, ensure_roles, save_role

__all__ = [
    "accept",
    "change_access",
    "choose_language",
    "confirm_factor",
    "delete_role",
    "disable",
    "enable",
    "end_other_sessions",
    "end_session",
    "ensure_roles",
    "find_open",
    "has_factor",
    "invite",
    "log_out_colleague",
    "must_have_factor",
    "new_backup_codes",
    "note_session",
    "pending_device",
    "remove_factor",
    "reset_factor",
    "revoke",
    "save_role",
    "set_own_password",
    "verify",
]
