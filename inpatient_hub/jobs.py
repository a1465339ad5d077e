"""Jobs of the house itself: signs of life, and what a worker does when it starts."""

from typing import Any

import redis
from celery import shared_task
from celery.signals import beat_init, celeryd_init, heartbeat_sent, worker_ready

from inpatient_hub.health import BEAT, SPEAKER, WORKER, mark_seen
from tasks.jobs import generate_coming_days

SIGNS_OF = {"celery": WORKER, "systmone": SPEAKER}  # by queue

_signs: set[str] = set()


@shared_task
def mark_beat() -> None:
    """Beat sends this job: that it arrived shows that beat is alive."""
    mark_seen(BEAT)


@beat_init.connect
def show_beat_at_start_up(**_: Any) -> None:
    """Beat is seen at once, not only after its first interval."""
    mark_beat.delay()


@celeryd_init.connect
def remember_queues(options: dict[str, Any], **_: Any) -> None:
    """What a worker works at is what its life stands for."""
    _signs.update(SIGNS_OF[queue] for queue in options.get("queues") or ["celery"])


@heartbeat_sent.connect
def mark_worker(**_: Any) -> None:
    """The worker's own heartbeat, every two seconds, shows that it is alive."""
    try:
        for name in _signs:
            mark_seen(name)
    except redis.RedisError:
        pass  # the health page says so itself


@worker_ready.connect
def fill_gaps_at_start_up(**_: Any) -> None:
    """Whatever was not generated while nothing ran is generated now."""
    generate_coming_days.delay()
