"""Nonces and request counts in Redis, decided together in one round trip.

The script first records the nonce and then counts the request, so a refusal for one reason
never hides the other. It fails closed: where Redis is away the caller must refuse writes.
"""

import time

from django.conf import settings
from django_redis import get_redis_connection

from members.errors import NonceReused, Throttled

_SCRIPT = """
if ARGV[1] ~= '' and not redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return -1 end
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('EXPIRE', KEYS[2], 120) end
return count
"""
_MINUTE_S = 60


def admit(*, key_id: str, nonce: str) -> None:
    """Use up a nonce of one session and count the request.

    Raises NonceReused, Throttled, and redis' ConnectionError or TimeoutError.
    """
    count = _decide(f"nonce:{key_id}:{nonce}", str(settings.NONCE_TTL_S), f"rate:session:{key_id}")
    _judge(count, settings.THROTTLE_SESSION_PER_MINUTE)


def admit_log_in(*, address: str) -> None:
    """Count one attempt to log in from an address; raises as ``admit``."""
    _judge(_decide("-", "", f"rate:login:{address}"), settings.THROTTLE_LOGIN_PER_MINUTE)


def _decide(nonce_key: str, ttl: str, rate_key: str) -> int:
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    minute = int(time.time()) // _MINUTE_S
    redis = get_redis_connection("default")
    keys = (f"{prefix}:{nonce_key}", f"{prefix}:{rate_key}:{minute}")
    count = int(redis.eval(_SCRIPT, 2, *keys, ttl))
    if count < 0:
        raise NonceReused
    return count


def _judge(count: int, limit: int) -> None:
    if count > limit:
        wait = _MINUTE_S - int(time.time()) % _MINUTE_S
        raise Throttled(data={"retry_after": wait})
