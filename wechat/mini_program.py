"""A thin client of the mini-program APIs: log-in, access token, phone number."""

import json
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django_redis import get_redis_connection

from core import outbound
from core.errors import DomainError
from wechat.errors import CodeRefused, RiskRefused, TooFast, WechatAway

TOKEN_KEY = "wechat:access_token"
_LOCK_S = 10
_EARLY_S = 300
_REFUSALS: dict[int, type[DomainError]] = {
    40029: CodeRefused,
    40163: CodeRefused,
    40226: RiskRefused,
    45011: TooFast,
}
_TOKEN_INVALID = {40001, 42001, 40014}


@dataclass(frozen=True)
class Identity:
    """Who a log-in code belongs to; ``nickname`` is empty unless the gateway tells one."""

    openid: str
    unionid: str = ""
    nickname: str = ""


def code_to_session(code: str) -> Identity:
    """Exchange a log-in code (`jscode2session`).

    Raises CodeRefused (401), RiskRefused (403), TooFast (429), Unavailable (503).
    """
    data = _call(
        "GET",
        "/sns/jscode2session",
        params={
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_APP_SECRET,
            "js_code": code,
            "grant_type": "authorization_code",
        },
    )
    _raise_for(data)
    return Identity(str(data["openid"]), str(data.get("unionid", "")), str(data.get("nickname", ""))[:60])


def phone_number(code: str) -> str:
    """Exchange a phone code (single use, 5 minutes) for the number, digits only."""
    path = "/wxa/business/getuserphonenumber"
    data = _call("POST", path, params={"access_token": access_token()}, json={"code": code})
    if data.get("errcode") in _TOKEN_INVALID:
        data = _call("POST", path, params={"access_token": access_token(stale=True)}, json={"code": code})
    _raise_for(data)
    return str(data["phone_info"]["purePhoneNumber"])[:20]


def access_token(*, stale: bool = False) -> str:
    """The shared access token by `stable_token`; refreshed by one process under a lock."""
    token = None if stale else cache.get(TOKEN_KEY)
    if token:
        return str(token)
    with get_redis_connection("default").lock("atrium:wechat:token", timeout=_LOCK_S, blocking_timeout=_LOCK_S):
        token = None if stale else cache.get(TOKEN_KEY)
        return str(token) if token else _fetch_token(force=stale)


def _fetch_token(*, force: bool) -> str:
    body = {
        "grant_type": "client_credential",
        "appid": settings.WECHAT_APP_ID,
        "secret": settings.WECHAT_APP_SECRET,
        "force_refresh": force,
    }
    data = _call("POST", "/cgi-bin/stable_token", json=body)
    _raise_for(data)
    cache.set(TOKEN_KEY, data["access_token"], max(int(data["expires_in"]) - _EARLY_S, 60))
    return str(data["access_token"])


def _call(method: str, path: str, **arguments: Any) -> dict[str, Any]:
    base = settings.WECHAT_BASE_URL
    answer = outbound.call(method, base + path, trusted_origin=base, **arguments)
    try:
        data = json.loads(answer.content)
    except ValueError as error:
        raise WechatAway from error
    if answer.status_code != 200 or not isinstance(data, dict):
        raise WechatAway
    return data


def _raise_for(data: dict[str, Any]) -> None:
    code = int(data.get("errcode") or 0)
    if code in _REFUSALS:
        wait = 60 - int(time.time()) % 60
        raise _REFUSALS[code](data={"retry_after": wait} if code == 45011 else None)
    if code:
        raise WechatAway(data={"errcode": code})
