"""The catalogue of staff permissions. Each app registers its own when it is ready."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

OWNER, MANAGER, DESK, MARKETING = "owner", "manager", "desk", "marketing"
KITCHEN, TECHNICIAN, FINANCE, AUDITOR = "kitchen", "technician", "finance", "auditor"
ROLES = (OWNER, MANAGER, DESK, MARKETING, KITCHEN, TECHNICIAN, FINANCE, AUDITOR)


@dataclass(frozen=True)
class Permission:
    """One right: ``code`` such as ``bookings.cancel``, its label, the roles that hold it at first."""

    code: str
    label: str | Promise
    roles: frozenset[str]


_catalogue: dict[str, Permission] = {}


def register(code: str, label: str | Promise, roles: Iterable[str]) -> None:
    """Announce a permission; the owner always holds it. Raises ValueError for an unknown role."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"{code}: unknown roles {sorted(unknown)}")
    _catalogue[code] = Permission(code, label, frozenset(roles) | {OWNER})


def all_permissions() -> list[Permission]:
    """Every registered permission, by code."""
    return [_catalogue[code] for code in sorted(_catalogue)]


def default_codes(role: str) -> list[str]:
    """The codes that a built-in role starts with."""
    return [item.code for item in all_permissions() if role in item.roles]
