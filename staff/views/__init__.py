"""The staff's entrances."""

from staff.views.doors import accept, log_in, log_out, second_factor

__all__ = ["accept", "log_in", "log_out", "second_factor"]
