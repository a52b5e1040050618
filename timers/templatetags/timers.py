"""The panel of what happens next: ``{% load timers %}{% what_happens_next booking %}``."""

from typing import Any

from django import template
from django.db.models import Model
from django.template import Context

from core import clock
from timers import queries, registry

register = template.Library()


@register.inclusion_tag("components/what_happens_next.html", takes_context=True)
def what_happens_next(context: Context, subject: Model) -> dict[str, Any]:
    """The subject's live timers with reason and due time; cancel and fire now for those allowed."""
    request = context.get("request")
    user = getattr(request, "user", None)
    may_manage = bool(user and user.has_perm("timers.manage"))
    return {
        "timers": list(queries.for_subject(subject)),
        "may_manage": may_manage,
        "now": clock.now(),
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "back": request.get_full_path() if request is not None else "",
    }


@register.filter
def kind_label(kind: str) -> str:
    """The name of a kind in the reader's language; the kind itself where its app is gone."""
    known = registry.find(kind)
    return str(known.label) if known else kind
