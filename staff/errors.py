"""What can go wrong with staff, by the fact."""

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, NotAllowed, NotFound, WrongState


class AboveOwnRights(NotAllowed):
    """A grant, or the person it is for, goes beyond what the actor may do."""

    code = "above_own_rights"
    message = _("Nobody can grant, change or take away more than they hold themselves.")


class OwnAccount(NotAllowed):
    """People do not change their own roles or disable themselves."""

    code = "own_account"
    message = _("Ask a colleague: nobody changes their own roles or disables themselves.")


class LastOwner(WrongState):
    """Somebody must be able to manage staff."""

    code = "last_owner"
    message = _("This is the last active owner. Make somebody else an owner first.")


class InvitationUnusable(NotFound):
    """Unknown, used, revoked or expired; strangers are not told which."""

    code = "invitation_unusable"
    message = _("This invitation is no longer valid. Ask for a new one.")


class UsernameTaken(Invalid):
    """Two people cannot have one user name."""

    code = "username_taken"
    message = _("This user name is taken.")


class RoleInUse(WrongState):
    """A role that people hold cannot be deleted."""

    code = "role_in_use"
    message = _("People still hold this role. Give them another one first.")
