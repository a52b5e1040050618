"""One tick: claim what is due, commit, hand the batches to the workers."""

import logging
import time
from collections.abc import Callable
from functools import cache

from kombu.exceptions import OperationalError as BrokerAway

from timers import claims
from timers.claims import Batch

log = logging.getLogger(__name__)
Publish = Callable[[Batch], None]
PublishDrain = Callable[[], None]
TICK_S = 0.9
"""A tick that is still behind goes on claiming for this long, then the next one takes over."""
NAP_S = 0.02


@cache
def _asserted() -> bool:
    claims.assert_read_committed()
    return True


def tick(*, publish: Publish, publish_drain: PublishDrain) -> int:
    """Claim and publish until nothing is due or the tick's time is over; answers how many timers.

    Idle it costs one query. A publish that fails is not repeated here: the lease brings the
    rows back. Raises ImproperlyConfigured where the database's isolation is wrong.
    """
    _asserted()
    seen = claims.pending()
    try:
        if seen.outgoing:
            publish_drain()
        lapsed = _claim_all(publish, claims.claim_lapsed) if seen.lapsed else 0
        return lapsed + (_claim_all(publish, claims.claim_due) if seen.due else 0)
    except (BrokerAway, OSError) as error:
        log.warning("timers.broker_away %s", error)
        return 0


def _claim_all(publish: Publish, claim: Callable[[], list[Batch]]) -> int:
    """Claim batches one after the other while there is room in flight."""
    end, total = time.monotonic() + TICK_S, 0
    while time.monotonic() < end:
        if claims.in_flight() >= claims.IN_FLIGHT:
            time.sleep(NAP_S)
            continue
        batches = claim()
        for batch in batches:
            publish(batch)
        count = sum(len(batch.ids) for batch in batches)
        total += count
        if count < claims.BATCH // 2:
            break
    return total
