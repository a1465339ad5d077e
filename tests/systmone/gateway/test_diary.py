"""SystmOne's diary in the Hub's: each appointment once, moved and called off as it is there."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from systmone import diary, dispatcher, jobs, readings
from systmone.bookings import FATES, Fate, fate_of, merge
from systmone.models import Attempt, Booking, Call, Gateway, Priority, Reading, StaffMember, State
from systmone.simulator import Simulator
from systmone.simulator.clock import written
from systmone.simulator.documents import set_text, text_of
from tasks import actions, creation
from tasks.models import Kind, Status, Task
from tests.factories import PatientFactory, WardFactory
from tests.systmone.gateway.conftest import NHS_NUMBER, befalls
from tests.threads import at_once
from wards import admissions
from wards.actors import person
from wards.models import Patient, Stay, User, Ward

Import = Callable[[], None]


@pytest.fixture
def importing(gateway: Gateway, stay: Stay) -> Import:
    """Read the diary once, as beat and its jobs do."""

    def read() -> None:
        diary.read_diaries(timezone.now())
        dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)
        for reading_id in readings.answered():
            jobs.take_in(reading_id)

    return read


@pytest.fixture
def booked(simulator: Simulator) -> "InSystmOne":
    """An appointment of the patient's, tomorrow at ten."""
    booking = InSystmOne(simulator)
    booking.move(tomorrow_at(10))
    return booking


def tomorrow_at(hour: int) -> datetime:
    tomorrow = timezone.localtime() + timedelta(days=1)
    return tomorrow.replace(hour=hour, minute=0, second=0, microsecond=0)


class InSystmOne:
    """What a SystmOne user does to the one appointment that the patient has."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        record = simulator.desk.unit.patient(NHS_NUMBER)
        assert record is not None
        self._part = record.find("NonClinical")
        assert self._part is not None
        (self._item,) = self._part.iterfind("Appointment")
        self.uid = text_of(self._item, "AppointmentUID")

    def move(self, to: datetime) -> None:
        set_text(self._item, "DateTime", written(to.replace(tzinfo=None)))

    def say(self, tag: str, text: str) -> None:
        set_text(self._item, tag, text)

    def remove(self) -> None:
        assert self._part is not None
        self._part.remove(self._item)

    def put_back(self) -> None:
        assert self._part is not None
        self._part.append(self._item)


def test_an_appointment_comes_into_the_diary_once(
    importing: Import, booked: InSystmOne, byron: Ward
) -> None:
    for _ in range(3):
        importing()
    task = Task.objects.get()
    assert (task.kind, task.ward, task.time) == (Kind.APPOINTMENT, byron, time(10))
    assert task.due_on == tomorrow_at(10).date()
    assert task.place
    assert task.attendees
    event = task.events.get()
    assert (event.action, event.by_name, event.source) == ("create", "SystmOne", "systmone")
    assert Booking.objects.get().uid == booked.uid


def test_who_holds_it_is_named_where_the_hub_knows_them(
    importing: Import, booked: InSystmOne, gateway: Gateway
) -> None:
    importing()
    user_name = Booking.objects.get().held_by
    assert Task.objects.get().attendees == user_name
    StaffMember.objects.create(
        gateway=gateway, user_name=user_name, title="Dr", first_name="Drew", surname="Littler"
    )
    importing()
    assert Task.objects.get().attendees == "Dr Drew Littler"


def test_one_that_the_database_cannot_hold_does_not_stop_the_others(
    importing: Import, booked: InSystmOne, simulator: Simulator, byron: Ward, sarah: User
) -> None:
    booked.say("AppointmentUID", "0" * 200)
    booked.say("Comments", "x" * 10_000)
    others = [one for one in simulator.numbers if one != NHS_NUMBER and len(one) == 10]
    for number in others[:8]:
        patient = PatientFactory.create(nhs_number=number)
        admissions.admit(patient=patient, ward=byron, by=person(sarah))
    importing()
    assert Task.objects.exists()
    assert not readings.answered()


def test_an_answer_that_says_the_same_again_is_kept_once_and_a_new_one_is_kept(
    importing: Import, booked: InSystmOne
) -> None:
    for _ in range(3):
        importing()
    booked.move(tomorrow_at(15))
    importing()
    kept = [bool(one.response) for one in Attempt.objects.order_by("pk")]
    assert kept == [True, False, False, True]


def test_old_readings_are_deleted_with_their_calls_and_nothing_else_is(
    importing: Import, booked: InSystmOne, pushed: Call, settings: Settings
) -> None:
    importing()
    assert Call.objects.count() == 2
    settings.HUB_SYSTMONE_RETENTION_DAYS = 30
    jobs.delete_old_documents()
    assert Reading.objects.count() == 1
    settings.HUB_SYSTMONE_RETENTION_DAYS = 0
    jobs.delete_old_documents()
    assert not Reading.objects.exists()
    assert Call.objects.get() == pushed
    assert Task.objects.exists()


def test_a_card_says_where_it_comes_from_and_since_when_it_was_not_read(
    importing: Import, booked: InSystmOne, client: Client, sarah: User
) -> None:
    importing()
    client.force_login(sarah)
    address = Task.objects.get().get_absolute_url()
    shown = client.get(address).content.decode()
    assert "From SystmOne's diary" in shown.replace("&#39;", "'")
    assert "not read since" not in shown
    Booking.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    assert "not read since" in client.get(address).content.decode()


def test_it_is_read_in_the_background_and_asked_for_once_at_a_time(
    gateway: Gateway, stay: Stay
) -> None:
    at_once(*[lambda: diary.read_diaries(timezone.now())] * 3)
    diary.read_diaries(timezone.now())
    assert Call.objects.get().priority == Priority.BACKGROUND
    assert Reading.objects.get().taken_in_at is None


def test_taken_in_by_two_workers_at_once_it_is_there_once(
    gateway: Gateway, stay: Stay, booked: InSystmOne
) -> None:
    diary.read_diaries(timezone.now())
    dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)
    (reading,) = readings.answered()
    assert at_once(*[lambda: jobs.take_in(reading)] * 3) == [None] * 3
    assert (Task.objects.count(), Booking.objects.count()) == (1, 1)


def test_moved_in_systmone_it_is_moved_here(importing: Import, booked: InSystmOne) -> None:
    importing()
    booked.move(tomorrow_at(15))
    booked.say("Comments", "Bring the red book")
    importing()
    task = Task.objects.get()
    assert (task.time, task.instructions) == (time(15), "Bring the red book")
    assert [event.action for event in task.events.all()] == ["create", "edit"]


def test_what_somebody_changed_here_stays_until_systmone_changes_it_and_is_named_then(
    importing: Import, booked: InSystmOne, client: Client, sarah: User
) -> None:
    importing()
    task = Task.objects.get()
    creation.edit(task=task, by=person(sarah), time=time(11), place="Room 4")
    importing()
    task.refresh_from_db()
    assert (task.time, task.place) == (time(11), "Room 4")
    client.force_login(sarah)
    assert (
        "SystmOne says: the time is 10:00" in client.get(task.get_absolute_url()).content.decode()
    )
    booked.move(tomorrow_at(15))
    importing()
    task.refresh_from_db()
    assert (task.time, task.place) == (time(15), "Room 4")
    shown = client.get(task.get_absolute_url()).content.decode()
    assert shown.count("the time was 11:00 in the Hub") == 2  # on the card, and in the history


@pytest.mark.parametrize("way", ["gone", "cancelled"])
def test_called_off_in_systmone_it_is_called_off_here_with_the_reason_and_comes_back(
    importing: Import, booked: InSystmOne, way: str
) -> None:
    importing()
    if way == "gone":
        booked.remove()
    else:
        booked.say("Status", "Cancelled by Patient")
    importing()
    task = Task.objects.get()
    assert task.status == Status.CANCELLED
    assert (
        task.cancelled_reason
        == {
            "gone": "It is no longer in SystmOne's diary of the next 14 days.",
            "cancelled": "SystmOne: Cancelled by Patient.",
        }[way]
    )
    if way == "gone":
        booked.put_back()
    else:
        booked.say("Status", "Booked")
    importing()
    task.refresh_from_db()
    assert task.status == Status.PENDING


def test_finished_in_systmone_it_is_done_here_and_who_reopens_it_is_not_overruled(
    importing: Import, booked: InSystmOne, sarah: User
) -> None:
    importing()
    booked.say("Status", "Finished")
    importing()
    task = Task.objects.get()
    assert (task.status, task.completed_by_name) == (Status.COMPLETED, "SystmOne")
    actions.reopen(task=task, by=person(sarah))
    importing()
    task.refresh_from_db()
    assert task.is_open


def test_what_a_person_called_off_or_did_here_stays_so(
    importing: Import, booked: InSystmOne, sarah: User
) -> None:
    importing()
    actions.cancel(task=Task.objects.get(), by=person(sarah), reason="Not well.")
    booked.move(tomorrow_at(15))
    importing()
    task = Task.objects.get()
    assert (task.status, task.time) == (Status.CANCELLED, time(10))


def test_a_diary_that_could_not_be_read_calls_nothing_off(
    importing: Import, booked: InSystmOne, simulator: Simulator
) -> None:
    importing()
    befalls(simulator, "permanent-error,function=GetDiary,count=1")
    importing()
    assert Call.objects.filter(state=State.FAILED).count() == 1
    assert Task.objects.get().is_open
    importing()
    assert not Reading.objects.filter(taken_in_at=None).exists()


def test_other_users_diaries_that_are_no_longer_asked_for_call_nothing_off(
    importing: Import, booked: InSystmOne
) -> None:
    importing()
    Gateway.objects.update(diary_users="nobody.else\n")
    importing()
    assert Task.objects.get().is_open


@pytest.mark.parametrize("where", ["another ward", "nowhere", "no test patient"])
def test_only_patients_on_the_gateways_wards_are_taken_in(
    importing: Import, booked: InSystmOne, where: str
) -> None:
    match where:
        case "another ward":
            Stay.objects.update(ward=WardFactory.create())
        case "nowhere":
            Stay.objects.update(status="discharged", discharged_at=timezone.now())
        case _:
            Gateway.objects.update(test_patients_only=True)
    importing()
    assert not Task.objects.exists()


def test_who_is_admitted_again_has_the_appointment_again(
    importing: Import, booked: InSystmOne, byron: Ward, sarah: User, stay: Stay
) -> None:
    importing()
    first = Task.objects.get()
    actions.cancel(task=first, by=person(sarah), reason="The patient was discharged.")
    importing()
    assert Task.objects.open().get() != first
    assert Booking.objects.get().task != first


def test_an_appointment_of_somebody_who_was_never_here_is_left_alone(
    importing: Import, booked: InSystmOne, simulator: Simulator, byron: Ward, sarah: User
) -> None:
    other = next(number for number in simulator.numbers if number != NHS_NUMBER)
    Patient.objects.update(nhs_number=other)
    importing()
    assert not Booking.objects.filter(uid=booked.uid).exists()


@pytest.mark.parametrize(
    ("status", "fate"), [*FATES.items(), ("Booked", Fate.OPEN), ("", Fate.OPEN)]
)
def test_each_status_has_a_fate(status: str, fate: Fate) -> None:
    assert fate_of(status) is fate


said = st.fixed_dictionaries({"time": st.sampled_from("abc"), "place": st.sampled_from("abc")})


@given(before=said, now=said, here=said)
def test_each_change_wins_where_only_it_changed_and_none_is_lost_silently(
    before: dict[str, str], now: dict[str, str], here: dict[str, str]
) -> None:
    merged = merge(before=before, now=now, here=here)
    after = here | dict(merged.new)
    for part, first in before.items():
        there_changed, here_changed = now[part] != first, here[part] != first
        assert after[part] == (now[part] if there_changed else here[part])
        lost = here_changed and after[part] != here[part]
        assert (merged.replaced.get(part) == here[part]) is lost
    again = merge(before=now, now=now, here=after)
    assert not again.new
