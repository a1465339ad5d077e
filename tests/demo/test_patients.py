"""Twenty fictional patients a ward, the same as the simulated SystmOne knows."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from demo.patients import create_patients
from demo.people import create_people
from demo.wards import BYRON, create_wards
from systmone.simulator.simulator import Simulator
from tasks.legal_status import expires_at
from tasks.models import Kind, Task, TaskEvent
from tasks.pauses import paused
from tasks.shifts import local
from wards.models import Bed, LegalStatus, Patient, Stay, StayStatus, Ward

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def everybody(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """All patients are admitted, once for this class."""
    with django_db_blocker.unblock(), transaction.atomic():
        create_people(create_wards(), now=NOW)
        create_patients(now=NOW)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("tier", ["light", "medium"])
def test_light_and_medium_hold_no_patient(settings: Settings, tier: str) -> None:
    settings.HUB_TIER = tier
    create_people(create_wards(), now=NOW)
    create_patients(now=NOW)

    assert not Patient.objects.exists()


@pytest.mark.usefixtures("everybody")
class TestEverybody:
    def test_every_ward_has_twenty_patients_whom_systmone_knows(self) -> None:
        for ward in Ward.objects.all():
            assert Stay.objects.open().filter(ward=ward).count() == 20
        with Simulator() as simulator:
            known = set(simulator.numbers)
        assert {
            patient.nhs_number or patient.pseudo_number for patient in Patient.objects.all()
        } == (known)
        for patient in Patient.objects.all():
            patient.full_clean()

    def test_the_first_on_byron_has_the_number_of_every_example(self) -> None:
        first = Stay.objects.filter(ward__name=BYRON).earliest("pk")
        assert first.patient.nhs_number_in_words == "943 476 5919"

    def test_there_is_leave_absence_somebody_without_a_bed_and_a_free_bed(self) -> None:
        statuses = set(Stay.objects.values_list("status", flat=True))
        assert statuses == {StayStatus.ACTIVE, StayStatus.ON_LEAVE, StayStatus.ABSENT}
        assert Stay.objects.filter(bed=None).exists()
        assert Bed.objects.on(Ward.objects.get(name=BYRON)).free().exists()

    def test_every_ward_has_work_for_its_patients_today(self) -> None:
        today = NOW.date()
        for ward in Ward.objects.all():
            of_today = Task.objects.filter(ward=ward, due_on=today)
            assert of_today.of_kind(Kind.PATIENT).exists()
            assert of_today.of_kind(Kind.APPOINTMENT).exists()

    def test_a_second_start_admits_nobody_again(self) -> None:
        create_patients(now=NOW)

        assert Patient.objects.count() == 100

    def test_no_section_is_over_and_its_reminders_have_a_past_and_a_future(self) -> None:
        legal = Task.objects.exclude(occasion="")
        superseded = legal.filter(status="cancelled")
        assert {task.occasion.split()[1] for task in superseded} == {"2"}  # each became a section 3
        assert legal.filter(status="completed", completed_at__lte=NOW).count() > 20
        assert legal.open().filter(due_on__gt=NOW.date()).exists()
        assert legal.open().filter(due_on__lte=NOW.date()).exists()
        assert not TaskEvent.objects.filter(at__gt=NOW, task__in=legal).exists()
        for stay in Stay.objects.exclude(legal_status="informal"):
            status, since = LegalStatus(stay.legal_status), stay.legal_status_since
            assert since
            ends = expires_at(status, local(since, time(0)))
            assert ends is None or ends > NOW, stay

    def test_of_the_absent_patient_s_work_a_part_waits(self) -> None:
        (task,) = paused()
        assert task.title == "Repeat bloods"
        assert task.events.filter(action="pause").exists()
        of_patient = Task.objects.open().filter(patient=task.patient, occasion="")
        assert of_patient.exclude(pk=task.pk).exists()
