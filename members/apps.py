from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation, permissions


class MembersConfig(AppConfig):
    name = "members"
    label = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        leaders = [permissions.OWNER, permissions.MANAGER]
        desk = [*leaders, permissions.DESK]
        seeing = [*desk, permissions.MARKETING, permissions.FINANCE, permissions.AUDITOR]
        permissions.register("members.view", _("See members, personal data masked"), seeing)
        permissions.register("members.manage", _("Edit members"), desk)
        permissions.register("members.reveal", _("See personal data of members"), desk)
        permissions.register("members.block", _("Block members and end their sessions"), desk)
        permissions.register("members.import", _("Import members from a file"), leaders)
        permissions.register("members.export", _("Export members"), [*leaders, permissions.MARKETING])
        navigation.register(navigation.PEOPLE, _("Members"), "members:list", "members.view", "group", order=10, key="m")
        import_module("members.handlers").register()
