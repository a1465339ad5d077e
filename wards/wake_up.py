"""Starting jobs: a message is only a wake-up, for the database holds what is to be done."""

import time
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

PAUSE = 10.0  # seconds


class Outage:
    """Remembers that a server is away, so that not every request waits for it again."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        return time.monotonic() < self._until

    def noticed(self) -> None:
        self._until = time.monotonic() + PAUSE

    def over(self) -> None:
        self._until = 0.0


redis_outage = Outage()


def on_commit(job: str, *args: object) -> None:
    """Start `job`, named as in `assurance.jobs.follow_up`, once the transaction is committed.

    Without Redis the job waits for the sweep; the caller neither fails nor waits.
    """
    transaction.on_commit(partial(_send, job, *args))


def _send(job: str, *args: object) -> None:
    if redis_outage.lasts:
        return
    try:
        current_app.send_task(job, args=args)
    except (OperationalError, RedisError, OSError) as problem:
        redis_outage.noticed()
        logger.warning("follow-up waits for the sweep", job=job, problem=str(problem))
