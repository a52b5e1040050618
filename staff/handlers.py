"""What staff tracks in the audit trail, and what it does after a migration."""

from typing import Any

from auditlog.registry import auditlog
from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate

from staff import services
from staff.models import Invitation, Role, User


def ensure_roles(using: str = "default", **_kwargs: Any) -> None:
    """After every migration the built-in roles agree with the code."""
    if Role._meta.db_table in connections[using].introspection.table_names():
        services.ensure_roles()


auditlog.register(
    User,
    exclude_fields=["password", "last_login", "language"],
    mask_fields=["phone", "email"],
    m2m_fields={"roles"},
)
auditlog.register(Role)
auditlog.register(Invitation, exclude_fields=["digest"], mask_fields=["email"])
post_migrate.connect(ensure_roles, sender=apps.get_app_config("staff"), dispatch_uid="staff.ensure_roles")
