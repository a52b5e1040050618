"""A worker outlives its broker: the Redis transport gives up gracefully what it cannot give back."""

from typing import Any

from kombu.transport import redis

_QoS: Any = redis.QoS


class LeavingQoS(_QoS):  # type: ignore[misc]
    """Leaves unacknowledged messages where they are when the connection is gone already.

    kombu 5.7 tries to put them back over a connection that it has just cleared, and the
    AttributeError ends the worker for good (seen when the broker is killed while tasks run).
    They return by the visibility timeout; due work comes back sooner, by its lease.
    """

    def restore_unacked(self, client: Any = None) -> Any:
        """Nothing to give back to is no failure."""
        if getattr(self.channel.connection, "client", None) is None:
            return None
        return super().restore_unacked(client)


def harden() -> None:
    """Use it for every Redis channel of this process."""
    redis.Channel.QoS = LeavingQoS
