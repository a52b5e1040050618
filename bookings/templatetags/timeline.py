"""The pieces of a lane as HTML, each in one step: a template's loop over 400 bookings took three times as long."""

from datetime import UTC, date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bookings.timeline import Lane, Piece

register = template.Library()


@register.simple_tag
def lane_pieces(lane: Lane, day: date, can_create: bool) -> SafeString:
    """Closed hours, free stretches, what is taken through other rooms, occupancy and bookings of one lane."""
    bookings = reverse("bookings:list")
    parts = [_closed(item) for item in lane.closed]
    parts += [_free(item, lane, can_create) for item in lane.free]
    parts += [_taken(item, bookings) for item in lane.taken]
    parts += [_level(item, f"{bookings}?room={lane.room.pk}&amp;day={day:%Y-%m-%d}") for item in lane.levels]
    parts += [_block(item, bookings) for item in lane.blocks]
    return mark_safe("".join(parts))  # nosec B308 B703: every text below is escaped


def _at(item: Piece) -> str:
    return f'style="left: {item.left}%; width: {item.width}%"'


def _closed(item: Piece) -> str:
    text = escape(item.text)
    return f'<span class="tl-closed" {_at(item)} title="{text}">{text}</span>'


def _free(item: Piece, lane: Lane, can_create: bool) -> str:
    if not can_create:
        return f'<span class="tl-free" {_at(item)}></span>'
    room, word = lane.room.pk, f"{escape(_('Free'))} {item.times}"
    address = f"{reverse('bookings:book')}?room={room}&amp;from={item.first}&amp;until={item.last}"
    return (
        f'<a class="tl-free" data-panel data-first="{item.first}" data-last="{item.last}" id="f{room}-{item.last}" '
        f'href="{address}" {_at(item)} title="{word}"><span class="sr-only">{escape(lane.room.name)} {word}</span></a>'
    )


def _taken(item: Piece, bookings: str) -> str:
    word = f"{escape(item.text)} {item.times}"
    return (
        f'<a class="tl-block tl-taken" data-panel href="{bookings}{item.pk}/" {_at(item)} title="{word}">'
        f'<span class="tl-name">{escape(_("Taken"))}</span><span class="sr-only">{word}</span></a>'
    )


def _level(item: Piece, address: str) -> str:
    look: Any = item.look
    return (
        f'<a class="tl-block tl-level tone-{look.tone}" href="{address}" {_at(item)} '
        f'title="{escape(look.label)} {item.text} {item.times}"><span class="tl-name num">{item.text}</span>'
        f'<span class="sr-only">{escape(look.label)} {item.times}</span></a>'
    )


def _block(item: Piece, bookings: str) -> str:
    look: Any = item.look
    text, word, hidden = escape(item.text), escape(look.label), " sr-only" if item.narrow else ""
    return (
        f'<a class="tl-block tone-{look.tone}" data-panel id="b{item.pk}" href="{bookings}{item.pk}/" {_at(item)} '
        f'title="{text} {item.times} {word}"><span class="tl-name"><span class="icon" aria-hidden="true">{look.icon}'
        f'</span>{text}</span><span class="tl-word{hidden}">{word}{_countdown(item)}</span>'
        f'<span class="sr-only">{item.times}</span></a>'
    )


def _countdown(item: Piece) -> str:
    """The page's script counts down; without it the minute at which the hold ends stands there."""
    if item.expires_at is None:
        return ""
    instant = item.expires_at.astimezone(UTC)
    return f' <time class="num" data-countdown datetime="{instant:%Y-%m-%dT%H:%M:%SZ}">{escape(item.until)}</time>'
