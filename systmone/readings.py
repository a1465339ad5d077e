"""Background reads: each subject one at a time, and what came of it is taken in once it is there.

The answer waits in the outbox, so that a crash between the answer and the diary loses nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import DataError, IntegrityError, transaction
from django.utils.crypto import salted_hmac
from lxml import etree

from systmone.calls import NOTHING, About, ask
from systmone.models import Attempt, Call, Gateway, Priority, Reading, State
from systmone.models.call import SETTLED
from systmone.protocol.requests import Request
from systmone.protocol.values import Value
from systmone.requests import answer_to
from wards.actors import Actor, Source
from wards.encryption import WrongKey

logger = structlog.get_logger(__name__)

SYSTMONE = Actor("SystmOne", Source.SYSTMONE)
READER = Actor("The SystmOne gateway", Source.SYSTMONE)

AT_ONCE = 1_000  # rows, so that no transaction is long

TakeIn = Callable[[Call, Value, datetime], None]


def read(
    *,
    subject: str,
    gateway: Gateway,
    request: Request[Value],
    within: timedelta,
    at: datetime,
    about: About = NOTHING,
) -> Call | None:
    """Ask for `subject` in the background; None where that is under way already."""
    if Reading.objects.filter(subject=subject, taken_in_at=None).exists():
        return None
    try:
        with transaction.atomic():
            call = ask(
                gateway=gateway,
                request=request,
                by=READER,
                priority=Priority.BACKGROUND,
                within=within,
                about=about,
                at=at,
            )
            Reading.objects.create(call=call, subject=subject)
            return call
    except IntegrityError:  # another process asked in the same moment
        return None


@contextmanager
def apart() -> Iterator[None]:
    """Take in one part of an answer: what the database cannot hold of it does not stop the rest."""
    try:
        with transaction.atomic():
            yield
    except DataError as problem:
        logger.error("a part of an answer could not be kept", kind=type(problem).__name__)


def answered() -> list[int]:
    """Return the ids of the readings that have ended and are not taken in."""
    ended = Reading.objects.filter(taken_in_at=None, call__state__in=SETTLED)
    return list(ended.order_by("pk").values_list("pk", flat=True))


def take_in(*, reading_id: int, by_subject: Mapping[str, TakeIn], at: datetime) -> None:
    """Take in what a reading answered, by the first word of its subject; once is enough."""
    found = Reading.objects.filter(pk=reading_id, taken_in_at=None)
    reading = found.select_related("call__gateway", "call__ward", "call__patient").first()
    if reading is None:
        return
    call = reading.call
    if call.state == State.SUCCEEDED:
        try:
            answer = answer_to(call)
        except WrongKey as problem:
            logger.warning("cannot read an answer of SystmOne", problem=str(problem))
            answer = None
        if answer is not None:
            by_subject[reading.subject.split()[0]](call, answer, at)
            _keep_once(reading, answer)
    Reading.objects.filter(pk=reading.pk).update(taken_in_at=at)


def delete_old(before: datetime) -> None:
    """Delete readings that were taken in before then, with their calls; some at a time."""
    old = Reading.objects.filter(taken_in_at__lt=before, call__settled_at__lt=before)
    while found := list(old.values_list("call", flat=True)[:AT_ONCE]):
        Call.objects.filter(pk__in=found).delete()


def _keep_once(reading: Reading, answer: Value) -> None:
    """Empty the answer to `reading` where the one before it says the same, every few minutes."""
    if answer.source is None:
        return
    text = etree.tostring(answer.source, encoding="unicode")
    fingerprint = salted_hmac("systmone.reading", text, algorithm="sha256").hexdigest()
    earlier = Reading.objects.filter(subject=reading.subject, pk__lt=reading.pk)
    before = earlier.exclude(fingerprint="").order_by("-pk").first()
    if before and before.fingerprint == fingerprint:
        Attempt.objects.filter(call=reading.call).update(response="")
    Reading.objects.filter(pk=reading.pk).update(fingerprint=fingerprint)
