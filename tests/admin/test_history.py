"""The history of each object tells who changed what, wherever it was changed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from assurance import api_clients
from assurance.alerts import mark_as_seen
from assurance.models import ApiClient, ReadingLimit, SyncAlert, SyncEvent, TeamsChannel
from assurance.settlement import log_receipt
from audit.models import AuditEvent
from library.models import Guide
from systmone import calls, gateways, staff
from systmone.models import Attempt, Call, Gateway, StaffMember
from tasks import actions, recurrence
from tasks.models import Task, TaskTemplate
from tests.admin.pages import address, submit
from tests.admin.test_lists import MAKERS
from tests.admin.test_rights import ROWS
from tests.factories import MembershipFactory, PatientFactory, member_of
from wards import admissions, discharges, leave
from wards.actors import Actor, person
from wards.models import Alert, Membership, NoteTemplate, Role, Room, Stay, User, Ward
from wards.queries import VIEW
from wards.viewing import record_view

pytestmark = pytest.mark.django_db

Changed = Callable[[Any, Actor, Client], object]


def in_the_admin(**changes: str) -> Changed:
    """Return a change through the row's own form."""

    def change(row: Model, by: Actor, client: Client) -> None:
        assert submit(client, address(type(row), "change", row), **changes).status_code == 302

    return change


# How a row is changed, and what its history says of that.
CHANGES: dict[type[Model], tuple[Changed, str]] = {
    Ward: (in_the_admin(capacity="16"), "Changed Capacity."),
    User: (in_the_admin(job_title="Ward clerk"), "Changed Job title. may sign in: yes."),
    Membership: (in_the_admin(role="contributor"), "role: contributor"),
    Room: (in_the_admin(name="Quiet room"), "Changed Name."),
    NoteTemplate: (in_the_admin(name="One to one"), "Changed Name."),
    Alert: (in_the_admin(name="Choking"), "Changed Name."),
    Guide: (in_the_admin(title="Fridges"), "Changed Title."),
    TaskTemplate: (
        lambda row, by, client: recurrence.save_template(template=row, by=by),
        "Change.",
    ),
    Task: (lambda row, by, client: actions.claim(task=row, by=by), "Claimed"),
    Stay: (lambda row, by, client: leave.go_on_leave(stay=row, by=by), "Went on leave"),
    ApiClient: (lambda row, by, client: api_clients.revoke(client=row, by=by), "Revoke."),
    Gateway: (lambda row, by, client: gateways.switch_off(gateway=row, by=by), "Switch off."),
    Call: (lambda row, by, client: calls.cancel(call=row, by=by), "Cancel."),
    StaffMember: (lambda row, by, client: staff.match(member=row, person=by.user, by=by), "Match."),
    Attempt: (lambda row, by, client: calls.cancel(call=row.call, by=by), "Cancel."),
    SyncEvent: (lambda row, by, client: log_receipt(row), "Receive."),
    ReadingLimit: (in_the_admin(unit="degrees"), "Changed Unit."),
    TeamsChannel: (in_the_admin(new_url="https://example.com/"), "Changed Address."),
    SyncAlert: (
        lambda row, by, client: mark_as_seen(
            alerts=SyncAlert.objects.filter(pk=row.pk), by=by, at=timezone.now()
        ),
        "See.",
    ),
    AuditEvent: (lambda row, by, client: None, "Done."),
}
BY_NOBODY = (SyncEvent, AuditEvent)


def history(client: Client, row: Model) -> str:
    """Return the text of the table of the row's history."""
    page = client.get(address(type(row), "history", row))
    assert page.status_code == 200
    table = (
        page.content.decode().partition('aria-label="Who changed what">')[2].partition("</div>")[0]
    )
    return " ".join(re.sub(r"<[^>]+>", " ", table).split())


def test_every_row_of_the_admin_is_in_this_table() -> None:
    assert set(admin.site._registry) == set(CHANGES)


@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_the_history_says_who_changed_what(
    model: type[Model], byron: Ward, samir: User, senior: Client
) -> None:
    row = ROWS[model](byron)
    change, said = CHANGES[model]
    change(row, person(samir), senior)
    told = history(senior, row)
    assert said in told
    assert (samir.name in told) == (model not in BY_NOBODY)


@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_what_happened_to_another_row_is_not_told(
    model: type[Model], byron: Ward, shelley: Ward, samir: User, senior: Client
) -> None:
    row, other = MAKERS[model](byron), MAKERS[model](shelley)
    before = history(senior, row)
    CHANGES[model][0](other, person(samir), senior)
    assert history(senior, row) == before


def test_a_stay_tells_of_its_discharge_and_not_of_who_looked(
    byron: Ward, amina: User, ward_admin: Client
) -> None:
    stay = admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(amina))
    record_view(stay.patient_id, ward=byron, by=person(amina))
    discharge = discharges.start(stay=stay, by=person(amina))
    discharges.check(item=discharge.checks.get(name="GP told"), by=person(amina))
    told = history(ward_admin, stay)
    for words in ("Admitted", "Discharge started", "Check. item: GP told"):
        assert words in told
    assert "View" not in told
    assert AuditEvent.objects.filter(action=VIEW).exists()
    assert not LogEntry.objects.exists()


def test_a_person_s_history_tells_of_rights_on_the_viewer_s_wards_only(
    byron: Ward, shelley: Ward, ward_admin: Client, senior: Client
) -> None:
    nurse = member_of(byron)
    for ward in (byron, shelley):
        given = MembershipFactory.create(user=nurse, ward=ward, role=Role.CONTRIBUTOR)
        submit(senior, address(Membership, "change", given), role="ward_admin")
    assert history(senior, nurse).count("role: ward_admin") == 2
    assert history(ward_admin, nurse).count("role: ward_admin") == 1


def test_a_row_that_nobody_has_changed_says_so(byron: Ward, ward_admin: Client) -> None:
    assert history(ward_admin, byron).startswith("Nothing has been changed")


def test_no_log_entry_names_a_patient(byron: Ward, amina: User, ward_admin: Client) -> None:
    stay = admissions.admit(
        patient=PatientFactory.create(surname="Quill"), ward=byron, by=person(amina)
    )
    ward_admin.get(address(Stay, "change", stay))
    in_the_admin(capacity="16")(byron, person(amina), ward_admin)
    entries = LogEntry.objects.values_list("object_repr", "change_message")
    assert entries
    assert "uill" not in str(list(entries))
