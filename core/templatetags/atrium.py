"""The console's pieces as template tags: ``{% load atrium %}``."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import masking, tones
from core import money as fen

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A symbol; without a label it is decoration and hidden from readers."""
    if label:
        return format_html('<span class="icon" role="img" aria-label="{}">{}</span>', label, name)
    return format_html('<span class="icon" aria-hidden="true">{}</span>', name)


@register.simple_tag
def state_badge(subject: Any, state: str | None = None) -> SafeString:
    """The state of a model instance, or of a model label and a state: word, icon and tone."""
    label = subject if isinstance(subject, str) else subject._meta.label_lower
    wanted = state if state is not None else getattr(subject, "status", None) or getattr(subject, "state", "")
    found = tones.look(label, str(wanted))
    return format_html(
        '<span class="badge tone-{}"><span class="icon" aria-hidden="true">{}</span>{}</span>',
        found.tone,
        found.icon,
        found.label,
    )


@register.simple_tag
def badge(label: str, tone: str = tones.NEUTRAL, symbol: str = "circle") -> SafeString:
    """A badge for a fact that is not a state, such as ``demo``."""
    return format_html(
        '<span class="badge tone-{}"><span class="icon" aria-hidden="true">{}</span>{}</span>', tone, symbol, label
    )


@register.filter
def money(amount_fen: int | None) -> str:
    """``124000`` → ``¥1,240.00``; nothing where there is no amount."""
    return "" if amount_fen is None else fen.show(amount_fen)


@register.filter
def thousands(number: int | None) -> str:
    """``12345`` → ``12,345``."""
    return "" if number is None else f"{number:,}"


@register.filter
def duration(length: timedelta | int | None) -> str:
    """A timedelta, or whole minutes: ``1 h 30 min``."""
    if length is None:
        return ""
    minutes = int(length.total_seconds() // 60) if isinstance(length, timedelta) else int(length)
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [(days, _("%d d")), (hours, _("%d h")), (left, _("%d min"))]
    return " ".join(word % number for number, word in parts if number) or _("%d min") % 0


def zone_of(context: template.Context, zone: Any = None) -> str:
    """A venue's zone, a zone's name, or the zone of the venue that is switched on; else CONSOLE_ZONE."""
    named = getattr(zone, "timezone", zone)
    if named:
        return str(named)
    venue = getattr(context.get("request"), "venue", None)
    return str(venue.timezone) if venue else settings.CONSOLE_ZONE


def relative(instant: datetime, at: datetime) -> str:
    """``in 12 min``, ``3 h ago``; the page's script keeps it true without a reload."""
    seconds = int((instant - at).total_seconds())
    minutes = abs(seconds) // 60
    if minutes == 0:
        return _("now")
    amount = (
        _("%d min") % minutes
        if minutes < 60
        else _("%d h") % (minutes // 60)
        if minutes < 2880
        else ngettext("%d day", "%d days", minutes // 1440) % (minutes // 1440)
    )
    return (_("in %s") if seconds > 0 else _("%s ago")) % amount


@register.simple_tag(takes_context=True)
def when(context: template.Context, instant: datetime | None, zone: Any = None, style: str = "datetime") -> SafeString:
    """An instant in a venue's zone, 24 h, with the relative time beside it.

    ``style`` is ``datetime``, ``date``, ``time`` or ``plain`` (no relative part). The zone is
    named for readers elsewhere (static/js/when.js hides it where it is the reader's own).
    """
    if instant is None:
        return SafeString("")
    name = zone_of(context, zone)
    local = instant.astimezone(ZoneInfo(name))
    pattern = {"date": "Y-m-d", "time": "H:i"}.get(style, "Y-m-d H:i")
    at = context.get("now")
    beside = relative(instant, at) if at is not None and style == "datetime" else ""
    return format_html(
        '<time class="when" datetime="{}" data-zone="{}"{}>{}<span class="when-zone"> {}</span>{}</time>',
        instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        name,
        SafeString(" data-relative") if beside else "",
        formats.date_format(local.replace(tzinfo=None), pattern, use_l10n=False),
        name,
        format_html(' <span class="when-relative">{}</span>', beside) if beside else "",
    )


@register.simple_tag
def person(subject: Any, reveal: bool = False) -> SafeString:
    """A member, masked (``王** 138****5678``) unless ``reveal``; staff are shown by name."""
    if subject is None:
        return format_html('<span class="muted">{}</span>', _("nobody"))
    shown = str(getattr(subject, "nickname", None) or subject)
    number = str(getattr(subject, "phone", None) or "")
    if hasattr(subject, "nickname") and not reveal:
        shown, number = masking.name(shown), masking.phone(number)
    elif not hasattr(subject, "nickname"):
        number = ""
    tail = format_html(' <span class="num muted">{}</span>', number) if number else ""
    return format_html('<span class="person">{}{}</span>', shown, tail)


@register.filter
def audit_changes(entry: Any) -> list[tuple[str, str]]:
    """The changes of an audit entry: the field's own word, and ``before → after``."""
    model = entry.content_type.model_class()
    labels = {item.name: item.verbose_name for item in model._meta.fields} if model else {}
    labels |= {item.name: item.verbose_name for item in model._meta.many_to_many} if model else {}
    told = [(str(labels.get(name, name)), _change(pair)) for name, pair in entry.changes_dict.items()]
    return [(label, text) for label, text in told if text]


def _change(pair: Any) -> str:
    if isinstance(pair, dict):
        sign = {"add": "+", "delete": "−"}.get(str(pair.get("operation")), "")
        return f"{sign} {', '.join(map(str, pair.get('objects', [])))}"
    before, after = ("" if value in (None, "None") else str(value)[:80] for value in pair)
    return f"{before} → {after}" if before else after


@register.filter
def mask_name(value: str | None) -> str:
    """``王小明`` → ``王**``."""
    return masking.name(value or "")


@register.filter
def mask_phone(value: str | None) -> str:
    """``13812345678`` → ``138****5678``."""
    return masking.phone(value)


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: Any) -> str:
    """The present address with query parameters changed; an empty value drops one."""
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    for key, item in changes.items():
        query.pop(key, None)
        if item not in (None, ""):
            query[key] = str(item)
    return "?" + str(query.urlencode())


@register.simple_tag(takes_context=True)
def may(context: template.Context, code: str) -> bool:
    """Whether the reader holds a permission: ``{% may "orders.refund" as can %}``."""
    user = getattr(context.get("request"), "user", None)
    return bool(user and user.has_perm(code))


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", action: str = "", url: str = "", symbol: str = "inbox") -> dict[str, str]:
    """What would be here, and how to make the first one."""
    return {"title": title, "text": text, "action": action, "url": url, "symbol": symbol}


@register.inclusion_tag("components/stat.html")
def stat(label: str, value: Any, hint: str = "", url: str = "", tone: str = "") -> dict[str, Any]:
    """A figure on a card; with ``url`` it opens the list behind it."""
    return {"label": label, "value": value, "hint": hint, "url": url, "tone": tone}


@register.inclusion_tag("components/chip.html", takes_context=True)
def chip(context: template.Context, parameter: str, value: str, label: str, count: int | None = None) -> dict[str, Any]:
    """A filter chip: a link that sets ``parameter=value`` and keeps the other filters."""
    chosen = context["request"].GET.get(parameter, "") == str(value)
    return {"label": label, "count": count, "chosen": chosen, "url": address_with(context, **{parameter: value})}


@register.inclusion_tag("components/story.html", takes_context=True)
def story(context: template.Context, entries: Any, zone: Any = None) -> dict[str, Any]:
    """What happened, newest first: objects with ``at``, ``text`` and maybe ``who``, ``reason``."""
    return {"entries": entries, "zone": zone, "request": context.get("request"), "now": context.get("now")}
