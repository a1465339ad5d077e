"""A nurse finds a patient in SystmOne, links and compares them, and pushes a discharge log."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from systmone import dispatcher, gateways
from systmone.models import Call, Gateway
from systmone.simulator import UNLIMITED, Simulator
from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.test_every_page import PHONE
from tests.factories import PatientFactory, member_of
from wards import admissions, discharges
from wards.actors import Actor, Source, person
from wards.models import Patient, Role, Stay, User, Ward

NHS_NUMBER = "9434765919"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(limits=UNLIMITED) as running:
        yield running


@pytest.fixture
def gateway(byron: Ward, simulator: Simulator) -> Gateway:
    quick = Gateway(
        name="Byron's PC",
        port=simulator.port,
        api_key="f31e26725b5491f2",
        device_id=simulator.register_device(),
        seconds_between_requests=0,
        seconds_between_records=0,
    )
    return gateways.add(gateway=quick, wards=[byron], by=Actor("setup", Source.COMMAND))


@pytest.fixture
def stay(byron: Ward, sarah: User, simulator: Simulator) -> Stay:
    """A patient whose surname has changed in SystmOne meanwhile."""
    said = simulator.committed(NHS_NUMBER).find("Demographics")
    assert said is not None
    patient = PatientFactory.create(
        nhs_number=NHS_NUMBER, first_name=said.findtext("FirstName", ""), surname="Quill-Before"
    )
    return admissions.admit(patient=patient, ward=byron, by=person(sarah))


def answer(gateway: Gateway) -> None:
    dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)


def test_a_patient_is_looked_up_linked_and_compared(
    at_a_browser: AtABrowser, sarah: User, stay: Stay, gateway: Gateway, simulator: Simulator
) -> None:
    nurse = at_a_browser(sarah, width=PHONE).expects("status of 422")
    nurse.opens("/wards/byron/admit/")
    check(nurse.page)
    nurse.follows("Look the patient up in SystmOne")
    nurse.types(First_name=stay.patient.first_name)
    nurse.clicks("Look")
    expect(nurse.warning).to_contain_text("Fill in at least two")
    check(nurse.page)

    nurse.chooses("Sex", simulator.committed(NHS_NUMBER).findtext("Demographics/Sex", ""))
    nurse.clicks("Look")
    results = nurse.page.get_by_role("region", name="Results")
    expect(results).to_contain_text("SystmOne is asked")
    check(nurse.page)
    answer(gateway)
    mine = results.get_by_role("listitem").filter(has_text="943 476 5919")
    expect(mine).to_be_visible()  # by itself
    check(nurse.page)

    with nurse.comes_to_another_page():
        mine.get_by_role("link", name="Link").click()
    check(nurse.page)
    for box in nurse.page.get_by_role("checkbox").all():
        box.check()
    nurse.clicks("Link")
    expect(nurse.heading).to_have_text("In SystmOne")
    answer(gateway)
    nurse.follows("Compare")
    check(nurse.page)
    nurse.page.get_by_role("checkbox", name="Surname").check()
    nurse.clicks("Take over what SystmOne says")
    nurse.reads("The details are saved.")
    assert Patient.objects.get().surname != "Quill-Before"
    assert Call.objects.filter(state="succeeded").count() == 2


def test_a_discharge_log_is_previewed_pushed_and_can_be_deleted(
    at_a_browser: AtABrowser, sarah: User, byron: Ward, stay: Stay, gateway: Gateway
) -> None:
    begun = discharges.start(stay=stay, by=person(sarah))
    for item in begun.checks.filter(is_required=True):
        discharges.check(item=item, by=person(sarah))
    discharges.confirm(discharge=begun, by=person(member_of(byron, role=Role.WARD_ADMIN)))
    nurse = at_a_browser(sarah, width=PHONE)
    nurse.opens(f"/patients/{stay.patient_id}/discharge/log/").follows("Push to SystmOne")
    check(nurse.page)
    for box in nurse.page.get_by_role("checkbox").all():
        box.check()
    nurse.clicks("Push to SystmOne")
    answer(gateway)
    panel = nurse.page.get_by_role("region", name="SystmOne")
    expect(panel).to_contain_text("Sent to SystmOne at")  # by itself
    check(nurse.page)
    nurse.follows("Delete it from SystmOne")
    check(nurse.page)
