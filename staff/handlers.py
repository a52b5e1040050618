"""What staff tracks in the audit trail, and what it does after a migration."""

from typing import Any

from auditlog.registry import auditlog
from django.apps import apps
from django.db import connections
from django.db.models import Q
from django.db.models.signals import post_migrate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import search
from staff import services
from staff.models import Invitation, Role, User

FOUND = 6


def find_people(query: str, actor: Any, limit: int = FOUND) -> list[search.Result]:
    """Colleagues by name or user name, for the global search."""
    people = User.objects.visible_to(actor).filter(Q(name__icontains=query) | Q(username__icontains=query))
    return [
        search.Result(_("Staff"), str(user), user.username, reverse("staff:person", args=[user.pk]), "badge")
        for user in people[:limit]
    ]


def ensure_roles(using: str = "default", **_kwargs: Any) -> None:
    """After every migration the built-in roles agree with the code."""
    if Role._meta.db_table in connections[using].introspection.table_names():
        services.ensure_roles()


auditlog.register(
    User,
    include_fields=["username", "name", "email", "phone", "is_active", "is_superuser", "all_venues", "roles"],
    mask_fields=["phone", "email"],
    m2m_fields={"roles"},
)
auditlog.register(Role, include_fields=["slug", "name", "permissions"])
auditlog.register(
    Invitation,
    include_fields=["name", "email", "all_venues", "venue_ids", "closed_at", "user"],
    mask_fields=["email"],
)
post_migrate.connect(ensure_roles, sender=apps.get_app_config("staff"), dispatch_uid="staff.ensure_roles")
search.register(find_people, permission="staff.view")
