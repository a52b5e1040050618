"""A JSON parser that never raises what it should not."""

import json
from collections.abc import Mapping
from typing import Any

from django.http.request import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32


class StrictJSONParser(BaseParser):
    """UTF-8 JSON: no NaN, no lone surrogates, no NUL, no nesting beyond 32, no giant numbers."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        raw = stream.body if isinstance(stream, HttpRequest) else stream.read()
        return loads(raw)


def loads(raw: bytes) -> Any:
    """Parse one body. Raises ParseError (400) for anything that is not sane JSON."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ParseError from error
    _check(value, MAX_DEPTH)
    return value


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise ParseError
    if isinstance(value, str) and not _sane(value):
        raise ParseError
    if isinstance(value, int | float) and not abs(value) <= 2**63:
        raise ParseError
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth - 1)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)


def _sane(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
