"""Personal data, masked: enough to recognise, too little to misuse."""

import re
from typing import Any

_PHONE = re.compile(r"(?<![\w.:-])(\+?\d{0,3}[- ]?)(1[3-9]\d)\d{4}(\d{4})(?![\w-])")
_OPENID = re.compile(r"\bo[A-Za-z0-9_-]{27}\b")
_EMAIL = re.compile(r"\b([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})\b")
PERSONAL_KEYS = frozenset(
    {"phone", "openid", "unionid", "nickname", "email", "name", "mobile", "phone_number", "purephonenumber"}
)
SECRET_KEYS = frozenset(
    {"password", "secret", "token", "code", "signature", "authorization", "cookie", "session_key", "access_token"}
)


def name(value: str) -> str:
    """``王小明`` → ``王**``; ``Ada Lovelace`` → ``A**``."""
    return f"{value[0]}**" if value else ""


def phone(value: str | None) -> str:
    """``13812345678`` → ``138****5678``; a short one keeps its last two digits."""
    if not value:
        return ""
    digits = value.strip()
    return f"{digits[:-8]}****{digits[-4:]}" if len(digits) >= 11 else "****" + digits[-2:]


def text(value: str) -> str:
    """Free text with mainland phones, openids and email addresses masked."""
    masked = _PHONE.sub(r"\1\2****\3", value)
    masked = _OPENID.sub("o****", masked)
    return _EMAIL.sub(r"\1***@\2", masked)


def value(key: str, item: Any) -> Any:
    """One entry of a log record, masked by its key and by what it looks like."""
    lowered = key.lower()
    if lowered in SECRET_KEYS:
        return "[hidden]" if item else item
    if lowered in PERSONAL_KEYS and isinstance(item, str):
        return phone(item) if "phone" in lowered or lowered == "mobile" else name(item)
    return tree(item)


def tree(item: Any) -> Any:
    """A JSON-like value with everything personal in it masked."""
    if isinstance(item, str):
        return text(item)
    if isinstance(item, dict):
        return {key: value(str(key), inner) for key, inner in item.items()}
    if isinstance(item, list | tuple):
        return type(item)(tree(inner) for inner in item) if type(item) in (list, tuple) else item
    return item
