"""What changes over a run, as functions of the share of wall-clock time that has passed."""

from __future__ import annotations

import datetime

COPY_PHASE = 0.15
"""First part of the time, which holds much copying."""
FLAT_UNTIL = 0.30
"""The learning rate falls linearly from here."""
LAST_FACTOR = 0.02
WARM_UP = 40
"""Steps until the learning rate is reached."""
ROUNDED_FROM = 0.82
"""From here on weights are rounded to FP8 and BF16 in the forward pass."""


def factor_at(progress: float, step: int) -> float:
    """Learning-rate factor: warm-up, flat, then linear decay."""
    decay = 1.0
    if progress > FLAT_UNTIL:
        decay = 1 - (1 - LAST_FACTOR) * min(1.0, (progress - FLAT_UNTIL) / (1 - FLAT_UNTIL))
    return min(1.0, (step + 1) / WARM_UP) * decay


def deadline_of(now: float, minutes: float | None, until: str | None) -> float:
    """Deadline in seconds since the epoch; `until` is HH:MM in UTC, today or tomorrow."""
    if until is None:
        return now + 60 * (minutes or 0)
    hour, minute = map(int, until.split(":"))
    time = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    deadline = time.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp()
    return deadline if deadline > now else deadline + 86_400
