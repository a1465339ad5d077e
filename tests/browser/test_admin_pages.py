"""The admin's pages at a desk and on a phone: for everybody, and nothing refused by the browser."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import FilePayload, expect

from assurance.alerts import tell
from assurance.hand_matching import set_aside
from assurance.models import AlertKind, ApiClient, Outcome, TeamsChannel
from systmone.models import StaffMember
from tasks.models import Status, Task, TaskTemplate
from tests.assurance.events import done, event_of, synced
from tests.assurance.posting import new_client
from tests.browser.accessibility import check_reflow, violations
from tests.browser.conftest import TEN_IN_THE_MORNING, AtABrowser
from tests.browser.nurse import Nurse
from tests.browser.systmone import failed_note
from tests.factories import GuideFactory, PatientFactory, TemplateFactory, senior_admin
from wards import admissions
from wards.actors import person
from wards.models import User, Ward

# Each list is one walk: its rows and its browser are made once.
FOR_WARD_ADMINS = {
    "work and people": [
        "/admin/",
        "/admin/tasks/tasktemplate/add/",
        "/admin/tasks/tasktemplate/week/",
        "/admin/tasks/task/",
        "/admin/tasks/task/{task}/change/",
        "/admin/wards/membership/add/",
        "/admin/wards/user/{user}/change/",
        "/admin/library/guide/{guide}/change/",
    ],
    "wards and stays": [
        "/admin/wards/ward/{ward}/task-categories/",
        "/admin/wards/ward/{ward}/legal-work/",
        "/admin/wards/ward/{ward}/discharge-checklist/",
        "/admin/wards/ward/{ward}/patient-fields/",
        "/admin/wards/ward/{ward}/change/",
        "/admin/wards/ward/{ward}/history/",
        "/admin/wards/stay/",
        "/admin/wards/stay/{stay}/change/",
        "/admin/wards/stay/{stay}/history/",
        "/admin/wards/stay/export/",
    ],
}

VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (1280, "dark"),
    (390, "light"),
)
NOT_FOUND = "Fire safety, Tue 27 Jan, 09:22: no task was found. It is kept."
COLOURS_HAVE_CHANGED = "Promise.all(document.getAnimations().map((one) => one.finished))"


def check(person: Nurse) -> None:
    """Fail if the page keeps somebody out, at a desk or on a phone, or lacks a refused part."""
    assert not person.troubles
    for width, colours in VIEWS:
        person.page.set_viewport_size({"width": width, "height": 800})
        person.page.emulate_media(color_scheme=colours)
        person.page.evaluate(COLOURS_HAVE_CHANGED)
        assert not violations(person.page), f"{person.page.url}: see the rules and elements above"
        check_reflow(person.page)
    # Axe looks into imported styles by adding them to the page, which the policy refuses.
    person.troubles.clear()


@pytest.fixture
def admin(at_a_browser: AtABrowser, manager: User, day: None) -> Nurse:
    return at_a_browser(manager)


@pytest.fixture
def engineer(at_a_browser: AtABrowser, byron: Ward) -> Nurse:
    return at_a_browser(senior_admin(name="Samir Patel"))


@pytest.mark.parametrize("paths", FOR_WARD_ADMINS.values(), ids=FOR_WARD_ADMINS)
def test_the_pages_of_the_admin(
    admin: Nurse, byron: Ward, sarah: User, paths: Sequence[str]
) -> None:
    TemplateFactory.create(ward=byron)
    task = Task.objects.filter(ward=byron).earliest("pk")
    guide = GuideFactory.create()
    stay = admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(sarah))
    rows = {"task": task.pk, "user": sarah.pk, "guide": guide.pk, "ward": byron.pk, "stay": stay.pk}
    for path in paths:
        admin.opens(path.format(**rows))
        check(admin)


def test_a_template_is_added_and_shows_in_the_week(admin: Nurse) -> None:
    page = admin.opens("/admin/tasks/tasktemplate/add/").page
    page.get_by_label("Ward").select_option("Byron")
    page.get_by_label("Title").fill("Garden check")
    page.get_by_label("Friday").check()
    page.get_by_label("Shift").select_option("Late")
    page.get_by_role("button", name="Save", exact=True).click()
    admin.follows("The coming seven days")
    friday = page.get_by_role("row", name="Fri 30 Jan")
    expect(friday.get_by_role("cell").nth(1)).to_contain_text("Garden check")
    assert TaskTemplate.objects.filter(title="Garden check").exists()


def test_patients_are_imported_after_a_check(admin: Nurse) -> None:
    page = admin.opens("/admin/wards/stay/import/").page
    check(admin)
    rows = (
        "Ward,Surname,First name,Date of birth,Legal status\n"
        "Byron,Quill,Beatrice,29/02/1988,Informal\n"
        "Byron,Vane,Otto,29/02/1987,Informal\n"
    )
    file: FilePayload = {"name": "patients.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("row", name="VANE, Otto")).to_contain_text("write it as 31/12/1980")
    check(admin)
    page.get_by_role("button", name="Admit 1 patient").click()
    expect(page.get_by_text("1 patient is admitted.")).to_be_visible()
    expect(page.get_by_role("link", name="QUILL, Beatrice")).to_be_visible()


def test_tasks_are_cancelled_with_a_reason(admin: Nurse, byron: Ward) -> None:
    page = admin.opens("/admin/tasks/task/?status__exact=pending").page
    first = page.locator("#result_list").get_by_role("row").nth(1)
    first.get_by_role("checkbox").check()
    title = first.get_by_role("rowheader").inner_text()
    page.locator("[name=action]").select_option("Cancel selected tasks")
    admin.clicks("Go")
    check(admin)
    admin.clicks("Cancel this task")
    check(admin)
    page.get_by_label("Why is this not needed?").fill("The lift is out of order")
    page.get_by_role("button", name="Cancel this task").click()
    expect(page.get_by_text(f"{title}, ")).to_contain_text("is cancelled.")
    task = Task.objects.get(status=Status.CANCELLED, cancelled_reason="The lift is out of order")
    assert task.title == title


def test_the_pages_of_systmone_in_the_admin(engineer: Nurse, byron: Ward, sarah: User) -> None:
    attempt = failed_note(byron, sarah).attempts.get()
    member = StaffMember.objects.create(
        gateway=attempt.gateway, user_name="sjohnson", first_name="Sarah", surname="Johnson"
    )
    rows = {"gateway": attempt.gateway_id, "attempt": attempt.pk, "member": member.pk}
    for page in (
        *("gateway/{gateway}/watch", "gateway/{gateway}/change"),
        *("attempt", "attempt/{attempt}/change", "attempt/{attempt}/documents"),
        *("staffmember", "staffmember/{member}/change", "staffmember/read"),
    ):
        engineer.opens(f"/admin/systmone/{page}/".format(**rows))
        check(engineer)


def test_the_pages_of_the_sync_in_the_admin(engineer: Nurse, byron: Ward, sarah: User) -> None:
    client, _ = new_client(byron)
    task = synced(byron, sarah, client, at=TEN_IN_THE_MORNING - timedelta(hours=1))
    done(byron, sarah, at=TEN_IN_THE_MORNING)
    event = event_of(
        byron,
        client,
        outcome=Outcome.NO_MATCHING_TASK,
        payload='{"ward": "Byron"}',
        values={"exitsClear": True, "extinguishersSeen": 9},
        completed_by="Sarah Johnson",
    )
    channel = TeamsChannel.objects.create(ward=byron, url="https://example.com/")
    tell(kind=AlertKind.NO_MATCH, ward=byron, lines=[NOT_FOUND], path="/admin/")
    set_aside(
        event=event_of(byron, client, outcome=Outcome.NO_MATCHING_TASK),
        reason="Done twice",
        by=person(sarah),
    )
    for page in (
        "../syncalert/",
        "../readinglimit/add/",
        f"../teamschannel/{channel.pk}/change/",
        f"../teamschannel/{channel.pk}/test/",
        "",
        "monitoring/",
        f"{event.pk}/change/",
        f"{event.pk}/replay/",
        "kept/",
        "reconciliation/?day=2026-01-27",
        f"evidence/{task.pk}/",
        "compliance/",
        "compliance/?ward=byron",
    ):
        engineer.opens(f"/admin/assurance/syncevent/{page}")
        check(engineer)


def test_what_a_ward_with_a_gateway_sets(engineer: Nurse, byron: Ward, sarah: User) -> None:
    failed_note(byron, sarah)
    engineer.opens(f"/admin/wards/ward/{byron.pk}/systmone/")
    check(engineer)


def test_a_key_is_shown_once_and_copied(engineer: Nurse) -> None:
    page = engineer.opens("/admin/assurance/apiclient/add/").page
    check(engineer)
    page.get_by_label("Name").fill("Power Automate")
    page.get_by_label("Byron").check()
    engineer.clicks("Save")
    check(engineer)
    key = page.get_by_label("Key").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    engineer.follows("I have copied it")
    assert key.startswith(f"hub_{ApiClient.objects.get().prefix}_")
    assert key not in page.content()
    engineer.follows("Issue a new key")
    check(engineer)


def test_a_signing_secret_is_asked_for_and_shown_once(engineer: Nurse, byron: Ward) -> None:
    row, _ = new_client(byron)
    page = engineer.opens(f"/admin/assurance/apiclient/{row.pk}/change/").page
    engineer.follows("Ask for signatures")
    check(engineer)
    engineer.clicks("Ask for signatures")
    check(engineer)
    row.refresh_from_db()
    assert page.get_by_label("Signing secret").input_value() == row.signing_secret
    engineer.follows("I have copied it")
    expect(page.get_by_text("Signs its requests")).to_be_visible()
    engineer.follows("Ask for no signatures")
    check(engineer)
