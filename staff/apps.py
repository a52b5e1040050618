from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation, permissions


class StaffConfig(AppConfig):
    name = "staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        leaders = [permissions.OWNER, permissions.MANAGER]
        permissions.register("staff.view", _("See colleagues and their roles"), [*leaders, permissions.AUDITOR])
        permissions.register("staff.manage", _("Invite colleagues, set roles and venues"), leaders)
        permissions.register("staff.audit", _("Read the audit trail"), [permissions.OWNER, permissions.AUDITOR])
        permissions.register(
            "ledger.view", _("See whether the books agree"), [*leaders, permissions.FINANCE, permissions.AUDITOR]
        )
        permissions.register("ledger.fix", _("Repair the books"), [permissions.OWNER])
        navigation.register(navigation.PEOPLE, _("Staff"), "staff:people", "staff.view", "badge", order=80, key="s")
        navigation.register(navigation.SYSTEM, _("Audit trail"), "audit", "staff.audit", "history", order=80, key="a")
        navigation.register(navigation.SYSTEM, _("Ledger"), "ledger", "ledger.view", "fact_check", order=70, key="l")
