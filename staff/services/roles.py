"""Built-in roles follow the code; custom ones are made by staff."""

from collections.abc import Collection

from django.utils.text import slugify
from django.utils.translation import override

from core import permissions
from core.transactions import lock, lock_one, unit
from staff import rules
from staff.errors import AboveOwnRights, RoleInUse
from staff.models import Role, User


@unit
def ensure_roles() -> None:
    """Make the built-in roles agree with the permissions that the apps registered; safe to repeat."""
    known = {role.slug: role for role in Role.objects.filter(slug__in=permissions.ROLES)}
    for slug in permissions.ROLES:
        codes = permissions.default_codes(slug)
        role = known.get(slug)
        if role is None:
            with override("en"):
                Role.objects.create(slug=slug, name=str(rules.ROLE_LABELS[slug]), permissions=codes, builtin=True)
        elif role.permissions != codes or not role.builtin:
            Role.objects.filter(pk=role.pk).update(permissions=codes, builtin=True)


@unit
def save_role(*, role: Role | None, name: str, codes: Collection[str], by: User) -> Role:
    """Make or change a custom role.

    Raises AboveOwnRights when the role holds, or would hold, a code that ``by`` does not, and for
    built-in roles, which follow the code.
    """
    known = {item.code for item in permissions.all_permissions()}
    wanted = sorted(set(codes) & known)
    current = lock_one(Role.objects.all(), role.pk) if role else None
    if current and current.builtin:
        raise AboveOwnRights(code="role_builtin")
    touched = set(wanted) | set(current.permissions if current else ())
    if not by.is_superuser and not touched <= by.permission_codes:
        raise AboveOwnRights(field="codes")
    if current is None:
        return Role.objects.create(slug=_free_slug(name), name=name, permissions=wanted)
    current.name, current.permissions = name, wanted
    current.save(update_fields=["name", "permissions"])
    return current


@unit
def delete_role(*, role: Role, by: User) -> None:
    """Delete a custom role that nobody holds. Raises AboveOwnRights, RoleInUse."""
    current = lock(Role.objects.all(), [role.pk])[0]
    if current.builtin or not (by.is_superuser or set(current.permissions) <= by.permission_codes):
        raise AboveOwnRights()
    if current.users.exists() or current.invitations.filter(closed_at=None).exists():
        raise RoleInUse()
    current.delete()


def _free_slug(name: str) -> str:
    base = slugify(name)[:30] or "role"
    taken = set(Role.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)
