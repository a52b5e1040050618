"""The navigation of the theme's record pages: the console's own, then the records."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import navigation


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """What `UNFOLD["SIDEBAR"]["navigation"]` shows to this member of staff."""
    own = [
        {"title": label, "separator": True, "items": [_item(entry) for entry in entries]}
        for label, entries in navigation.sections_for(request.user)
    ]
    return [*own, *_records(request)]


def _item(entry: navigation.Entry) -> dict[str, Any]:
    return {"title": entry.label, "icon": entry.icon, "link": entry.url}


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    found = [
        {"title": model["name"], "icon": "table_rows", "link": model["admin_url"]}
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model.get("admin_url")
    ]
    return [{"title": _("Records"), "separator": True, "items": found}] if found else []
