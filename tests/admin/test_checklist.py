"""A ward's discharge checklist, and who starts and confirms a discharge, as its admins set them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from audit.models import AuditEvent
from tests.admin.pages import address, errors_on, filled_form, submit
from tests.factories import PatientFactory, member_of
from wards import admissions, discharges
from wards.actors import person
from wards.discharges import DEFAULT_CHECKLIST, checklist_of
from wards.models import ChecklistItem, DischargeCheck, User, Ward

pytestmark = pytest.mark.django_db


def path(ward: Ward) -> str:
    return address(Ward, "discharge-checklist", ward)


def names(ward: Ward) -> list[str]:
    return [name for name, _ in checklist_of(ward)]


def save(client: Client, ward: Ward, **changes: Any) -> Any:
    """Send the form with `changes`, named `line1_name` for the name in the first line."""
    typed = {
        name.removeprefix("line").replace("_", "-", 1): value for name, value in changes.items()
    }
    return client.post(path(ward), filled_form(client, path(ward)) | typed)


def test_it_opens_with_the_usual_list_and_saving_that_changes_nothing(
    byron: Ward, ward_admin: Client
) -> None:
    form = filled_form(ward_admin, path(byron))
    shown = [form[f"{line}-name"] for line in range(1, 8)]
    assert shown == [name for name, _ in DEFAULT_CHECKLIST]
    assert save(ward_admin, byron).status_code == 302
    assert not ChecklistItem.objects.exists()
    assert not AuditEvent.objects.filter(action="ward.change").exists()


def test_items_are_added_ordered_and_removed(byron: Ward, amina: User, ward_admin: Client) -> None:
    answer = save(
        ward_admin,
        byron,
        line1_remove="on",
        line2_place="3.5",
        line3_place="1",
        line8_name="Keys returned",
        line8_is_required=[],
    )
    assert answer.status_code == 302
    assert checklist_of(byron) == [
        ("Medicines to take out ready", True),
        ("Discharge summary written", True),
        ("Follow-up arranged", True),
        ("GP told", True),
        ("Community team told", False),
        ("Property returned", True),
        ("Keys returned", False),
    ]
    event = AuditEvent.objects.get(action="ward.change")
    assert (event.actor_name, event.ward, event.source) == (amina.name, "Byron", "admin")
    assert "Keys returned (if it applies)" in str(event.detail)


def test_what_was_ticked_keeps_its_history_when_its_item_goes(
    byron: Ward, amina: User, ward_admin: Client
) -> None:
    stay = admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(amina))
    discharge = discharges.start(stay=stay, by=person(amina))
    item = discharge.checks.get(name="GP told")
    discharges.check(item=item, by=person(amina))
    save(ward_admin, byron, line5_remove="on")
    assert "GP told" not in names(byron)
    assert DischargeCheck.objects.get(name="GP told").done_by == amina


def test_without_an_item_the_usual_list_holds_again(byron: Ward, ward_admin: Client) -> None:
    ChecklistItem.objects.create(ward=byron, name="Keys returned")
    save(ward_admin, byron, line1_remove="on")
    assert checklist_of(byron) == list(DEFAULT_CHECKLIST)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"line1_name": ""}, "Name the item, or tick Remove."),
        ({"line8_name": "gp TOLD"}, "The checklist has this item already."),
        ({"line8_name": "x" * 81}, "at most 80 characters"),
        ({"line1_place": "first"}, "Enter a number."),
        ({"shown": "0123"}, "Somebody has changed this page meanwhile"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    byron: Ward, ward_admin: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = save(ward_admin, byron, **{"line9_name": "Typed before"} | changes)
    assert sentence in " ".join(errors_on(answer))
    assert "Typed before" in answer.content.decode()
    assert not ChecklistItem.objects.exists()


def test_who_starts_and_confirms_is_set_on_the_ward_s_page(
    byron: Ward, ward_admin: Client, settings: Settings
) -> None:
    changed = {"discharges_started_by": "ward_admin", "discharges_confirmed_by": "senior_admin"}
    assert submit(ward_admin, address(Ward, "change", byron), **changed).status_code == 302
    byron.refresh_from_db()
    assert byron.discharges_confirmed_by == "senior_admin"
    page = ward_admin.get(address(Ward, "change", byron)).content.decode()
    assert 'href="../discharge-checklist/"' in page
    settings.HUB_TIER = "light"
    page = ward_admin.get(address(Ward, "change", byron)).content.decode()
    assert "discharge" not in page
    assert "Discharge checklist" not in page


def test_who_may_not_start_is_told_by_whom_it_is_done(byron: Ward, client: Client) -> None:
    byron.discharges_started_by = "ward_admin"
    byron.save()
    nurse = member_of(byron)
    stay = admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(nurse))
    client.force_login(nurse)
    page = client.get(f"/patients/{stay.patient_id}/discharge/").content.decode()
    assert "On this ward a ward admin starts a discharge." in page
    assert "Start the discharge" not in page
    sent = client.post(
        f"/patients/{stay.patient_id}/discharge/start/", {"version": "1"}, follow=True
    )
    assert "On this ward a ward admin starts a discharge." in sent.content.decode()
    assert discharges.pending(stay) is None
