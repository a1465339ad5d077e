"""A ward with a gateway to a running simulator, a patient whom SystmOne knows, and a nurse."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from systmone import dispatcher, gateways, task_readings
from systmone.case_notes import push
from systmone.models import Call, Gateway
from systmone.simulator import UNLIMITED, Fault, Simulator
from tasks import patient_work
from tasks.models import Category, Task
from tests.factories import PatientFactory, WardFactory, member_of
from tests.systmone.gateway.desk import Desk, Read, link, speak_and_take_in
from wards import admissions, case_notes, discharges
from wards.actors import Actor, Source, person
from wards.models import CaseNote, Role, Stay, User, Ward

NHS_NUMBER = "9434765919"
SETUP = Actor("manage.py systmone_gateway", Source.COMMAND)

WriteNote = Callable[[str], CaseNote]
Discharge = Callable[[Stay], Stay]


@pytest.fixture
def byron(transactional_db: None) -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(byron: Ward) -> User:
    return member_of(byron, name="Sarah Johnson")


@pytest.fixture
def stay(byron: Ward, sarah: User) -> Stay:
    patient = PatientFactory.create(surname="Quill", nhs_number=NHS_NUMBER)
    return admissions.admit(patient=patient, ward=byron, by=person(sarah))


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(limits=UNLIMITED) as running:
        yield running


@pytest.fixture
def gateway(byron: Ward, simulator: Simulator) -> Gateway:
    """A gateway to the simulator, without limits and in a hurry."""
    quick = Gateway(
        name="Byron's PC",
        host=simulator.host,
        port=simulator.port,
        api_key="f31e26725b5491f2",
        device_id=simulator.register_device(),
        seconds_between_requests=0,
        seconds_between_records=0,
        seconds_for_an_answer=0.5,
        seconds_to_settle=0,
    )
    return gateways.add(gateway=quick, wards=[byron], by=SETUP)


@pytest.fixture
def write(stay: Stay, sarah: User) -> WriteNote:
    def write(text: str) -> CaseNote:
        return case_notes.write(stay=stay, text=text, by=person(sarah))

    return write


@pytest.fixture
def pushed(write: WriteNote, sarah: User, gateway: Gateway) -> Call:
    """A case note that waits to be sent."""
    return push(note=write("Slept well."), by=person(sarah))


@pytest.fixture
def by_day(transactional_db: None) -> Iterator[None]:
    """Around midnight today's entries are not asked for."""
    if not 1 <= timezone.localtime().hour < 23:
        with time_machine.travel(timezone.now() - timedelta(hours=3)):
            yield
    else:
        yield


@pytest.fixture
def sending(gateway: Gateway) -> Gateway:
    """The gateway, which sends tasks too."""
    Gateway.objects.update(task_type="General Task")
    gateway.refresh_from_db()
    return gateway


@pytest.fixture
def task(sending: Gateway, stay: Stay, sarah: User) -> Task:
    return patient_work.add_patient_task(
        patient=stay.patient,
        category=Category.PHONE_CALL,
        title="Phone the family",
        instructions="About leave",
        due_on=timezone.localdate(),
        by=person(sarah),
    )


@pytest.fixture
def desk(simulator: Simulator) -> Desk:
    return Desk(simulator, NHS_NUMBER)


@pytest.fixture
def linked(stay: Stay, sarah: User) -> None:
    link(stay, sarah)


@pytest.fixture
def read(gateway: Gateway, linked: None) -> Read:
    """Read what was entered today, as beat and its jobs do."""

    def once() -> None:
        task_readings.read_today(timezone.now())
        speak_and_take_in(gateway)

    return once


@pytest.fixture
def manager(byron: Ward) -> User:
    return member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf")


@pytest.fixture
def discharge(sarah: User, manager: User) -> Discharge:
    def discharge(stay: Stay) -> Stay:
        begun = discharges.start(stay=stay, by=person(sarah))
        for item in begun.checks.filter(is_required=True):
            discharges.check(item=item, by=person(sarah))
        return discharges.confirm(discharge=begun, by=person(manager))

    return discharge


def befalls(simulator: Simulator, *faults: str) -> None:
    """Let `faults` befall the requests that come."""
    for fault in faults:
        simulator.faults.add(Fault.read(fault))


def spoken(gateway: Gateway, call: Call, seconds: float = 10) -> Call:
    """Let the gateway speak until nobody waits for anything; return `call` as it is then."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        dispatcher.speak(gateway_id=gateway.pk, seconds=seconds, lingers=0)
        if not Call.objects.waiting().exists():
            break
        time.sleep(0.05)
    call.refresh_from_db()
    return call


def times_in_record(simulator: Simulator, reference: str) -> int:
    """Return how often `reference` stands in the patient's record."""
    return sum(reference in line for line in simulator.committed_lines(NHS_NUMBER))
