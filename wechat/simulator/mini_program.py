"""The mini-program side of the simulator: log-in codes, access tokens, phone numbers.

Special codes: ``sim:<name>`` logs <name> in, ``risk`` is refused with 40226, ``fast`` with
45011, anything else with 40029. A phone code ``phone:<digits>`` works once.
"""

import hashlib
import secrets
import threading
import time
from typing import Any

TOKEN_S = 7200


class MiniProgram:
    """State of one simulated mini-program; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._used_phone_codes: set[str] = set()
        self.seen: dict[str, str] = {}

    def jscode2session(self, query: dict[str, str]) -> dict[str, Any]:
        code = query.get("js_code", "")
        special = {"risk": 40226, "fast": 45011}
        if not code.startswith("sim:") or len(code) < 5:
            return _error(special.get(code, 40029))
        name = code[4:60]
        openid = "sim_" + hashlib.sha256(name.encode()).hexdigest()[:24]
        with self._lock:
            self.seen[openid] = name
        return {"openid": openid, "session_key": secrets.token_urlsafe(16), "nickname": name}

    def stable_token(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("grant_type") != "client_credential":
            return _error(40002)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token] = time.time() + TOKEN_S
        return {"access_token": token, "expires_in": TOKEN_S}

    def phone_number(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        code = str(body.get("code", ""))
        with self._lock:
            if self._tokens.get(query.get("access_token", ""), 0) < time.time():
                return _error(40001)
            digits = code.removeprefix("phone:")
            if code in self._used_phone_codes or not code.startswith("phone:") or not digits.isdigit():
                return _error(40029)
            self._used_phone_codes.add(code)
        info = {"phoneNumber": digits, "purePhoneNumber": digits, "countryCode": "86"}
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}


def _error(code: int) -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"simulated {code}"}
