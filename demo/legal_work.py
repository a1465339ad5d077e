"""What became of the reminders about sections and rights since the demo's patients came."""

from datetime import datetime, time, timedelta
from random import Random

from demo.chance import chance_for
from demo.people import STAFF_NURSE
from demo.wards import SHELLEY
from tasks import actions
from tasks.legal_work import keep_up
from tasks.models import LegalWorkSettings, Task
from tasks.shifts import ONE_DAY, local, local_date
from wards.access import people_with_access_to
from wards.actors import person
from wards.models import Stay, User, Ward

AT_NIGHT = time(2, 30)  # when the schedule looks what is missing
FORGOTTEN = 30  # of a hundred reminders about rights that were due in the last days
SOME_DAYS = timedelta(days=5)


def choose_times() -> None:
    """Let one ward have times of its own."""
    ward = Ward.objects.get(name=SHELLEY)
    LegalWorkSettings.objects.get_or_create(ward=ward, defaults={"between_explanations": 14})


def live_legal_work(*, now: datetime) -> None:
    """Let the nurses explain rights when it was due, and take on sections that end soon."""
    for stay in Stay.objects.open().select_related("ward").order_by("pk"):
        explain_rights(stay, now=now)
        _take_on_what_ends(stay, now=now)


def explain_rights(stay: Stay, *, now: datetime) -> None:
    """Let the nurses explain rights until `now`: each time brings the next.

    What was due in the last days is now and then still to do.
    """
    chance = chance_for("rights", stay.pk, local_date(now))
    while task := _due(stay, "rights", now):
        at = max(local(task.due_on, time(10)), stay.admitted_at)
        at += timedelta(minutes=chance.randint(40, 400))
        may_be_forgotten = now - at < SOME_DAYS and chance.randrange(100) < FORGOTTEN
        if at > now or may_be_forgotten:
            return
        actions.complete(task=task, by=person(_nurse_of(stay, chance)), at=at)
        keep_up([stay.pk], at=local(local_date(at) + ONE_DAY, AT_NIGHT))


def _take_on_what_ends(stay: Stay, *, now: datetime) -> None:
    task = _due(stay, "expiry", now)
    if task:
        at = max(local(task.due_on, time(9)), stay.admitted_at) + timedelta(minutes=30)
        nurse = _nurse_of(stay, chance_for("expiry", stay.pk))
        actions.claim(task=task, by=person(nurse), at=min(at, now))


def _nurse_of(stay: Stay, chance: Random) -> User:
    return chance.choice([*people_with_access_to(stay.ward).filter(job_title=STAFF_NURSE)])


def _due(stay: Stay, name: str, now: datetime) -> Task | None:
    """Return the open reminder of this name that was due before today."""
    left = Task.objects.open().filter(stay=stay, occasion__startswith=name)
    return left.filter(due_on__lt=local_date(now)).select_related("ward").first()
