"""The audit trail follows every record of venues; who changed it comes from the request."""

from auditlog.registry import auditlog
from django.apps import apps


def follow_records() -> None:
    """Track all models of this app but the scope of staff, which `staff` records itself."""
    for model in apps.get_app_config("venues").get_models():
        if model.__name__ == "Venue":
            auditlog.register(model, exclude_fields=["rules_version"])
        elif model.__name__ == "Room":
            auditlog.register(model, m2m_fields={"parts"})
        elif model.__name__ != "StaffScope":
            auditlog.register(model)
