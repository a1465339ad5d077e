"""What becomes of the answers to reads: a part of the Hub that asks says what it does with them.

It registers a hearer in `apps.py`, which gets every answer to a function, in the transaction that
settles the call, and looks itself whether this one is for it.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from systmone.models import Call
from systmone.protocol.requests import Request
from systmone.protocol.values import Value

logger = structlog.get_logger(__name__)

Hearer = Callable[[Call, Value, datetime], None]

_hearers: dict[str, list[Hearer]] = defaultdict(list)


def register(function: type[Request[Value]], hearer: Hearer) -> None:
    """Let `hearer` have the answers to `function`."""
    if hearer not in _hearers[function.function]:
        _hearers[function.function].append(hearer)


def hear(call: Call, response: Value, at: datetime) -> None:
    """Give the answer to `call` to whoever wants it; what the database refuses of it is not kept.

    Otherwise one odd answer would be asked for again and again.
    """
    for hearer in _hearers[call.function]:
        try:
            with transaction.atomic():
                hearer(call, response, at)
        except DatabaseError as error:
            logger.error(
                "an answer could not be kept", call=str(call.pk), kind=type(error).__name__
            )
