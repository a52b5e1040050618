"""When periodic tasks run, and a beat that does not stall when the clock steps back."""

import logging
import time
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError

log = logging.getLogger(__name__)
SCHEDULE: dict[str, dict[str, Any]] = {
    "dispatch": {"task": "timers.dispatch", "schedule": 1.0, "options": {"expires": 5}},
    "audit": {"task": "timers.audit", "schedule": 300.0, "options": {"expires": 300}},
    "archive": {"task": "timers.archive", "schedule": 3600.0, "options": {"expires": 3600}},
    "members-answers": {"task": "members.purge_answers", "schedule": 900.0, "options": {"expires": 900}},
    "members-sessions": {"task": "members.purge_sessions", "schedule": 86400.0, "options": {"expires": 3600}},
}


class SteadyScheduler(Scheduler):
    """Counts seconds on the monotonic clock.

    Celery's own asks the wall clock when a task ran last, so a clock set back by ten minutes
    silences it for ten minutes. Every task here may run twice, so nothing is remembered over a
    restart and two beats do no harm.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._next: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        self.update_from_dict(self.app.conf.beat_schedule)

    def tick(self, *_args: Any, **_kwargs: Any) -> float:
        """Send what is due; answers the seconds until the next is."""
        now = time.monotonic()
        for name, entry in self.schedule.items():
            if now >= self._next.setdefault(name, now):
                period = entry.schedule.run_every.total_seconds()
                self._next[name] = max(self._next[name] + period, now)
                self._send(entry)
        return max(0.0, min(self._next.values(), default=now + 1.0) - time.monotonic())

    def _send(self, entry: ScheduleEntry) -> None:
        try:
            self.apply_async(entry, advance=False)
        except (SchedulingError, OSError) as error:
            log.warning("beat.not_sent %s %s", entry.task, error)
