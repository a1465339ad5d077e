"""What a ward manager sets for each category of patient tasks, and what the form makes of it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from audit.models import AuditEvent
from tasks.categories import DEFAULTS, SETTINGS, rules_of
from tasks.models import Category, CategoryRule, Task
from tests.admin.conftest import SignIn
from tests.admin.pages import address, errors_on, filled_form, submit
from tests.factories import member_of
from tests.tasks.patients import patient_on, phone_call
from wards.models import Patient, User, Ward

pytestmark = pytest.mark.django_db

ADD = "/wards/byron/diary/2026-01-27/add/patient-task/"
TEN = datetime(2026, 1, 27, 10, tzinfo=UTC)


@pytest.fixture
def page(byron: Ward) -> str:
    return address(Ward, "task-categories", byron)


@pytest.fixture
def nurse(byron: Ward, sign_in: SignIn) -> Client:
    return sign_in(member_of(byron))


@pytest.fixture
def beatrice(byron: Ward) -> Patient:
    return patient_on(byron)


def set_rule(ward: Ward, category: Category, **facts: bool) -> None:
    usual = dict(zip(SETTINGS, DEFAULTS[category], strict=True))
    CategoryRule.objects.create(ward=ward, category=category, **usual | facts)


def offered(client: Client, path: str = ADD) -> list[str]:
    """Return the categories from which the form lets one choose."""
    select = re.search(r'<select[^>]*name="category".*?</select>', text(client, path), re.DOTALL)
    assert select
    return [value for value in re.findall(r'<option value="(\w*)"', select[0]) if value]


def text(client: Client, path: str) -> str:
    with time_machine.travel(TEN, tick=False):
        return client.get(path).content.decode()


def add(client: Client, patient: Patient, **changes: Any) -> Any:
    data = {
        "patient": patient.pk,
        "title": "Phone his sister",
        "category": "phone_call",
        "due_on": "2026-01-28",
        "priority": 1,
        "carry_over": "usual",
    }
    with time_machine.travel(TEN, tick=False):
        return client.post(ADD, data | changes)


class TestThePage:
    def test_shows_the_defaults_until_something_is_set(self, page: str, ward_admin: Client) -> None:
        checked = filled_form(ward_admin, page)
        expected = {
            f"{category}-{name}"
            for category, values in DEFAULTS.items()
            for name, value in zip(SETTINGS, values, strict=True)
            if value
        }
        assert {name for name in checked if "-" in name} == expected

    def test_stores_what_is_set_with_its_history(
        self, page: str, byron: Ward, shelley: Ward, amina: User, ward_admin: Client
    ) -> None:
        data = filled_form(ward_admin, page) | {"phone_call-pauses_in_absence": "on"}
        del data["referral-is_offered"]
        assert ward_admin.post(page, data)["Location"] == page
        rules = rules_of(byron)
        assert rules[Category.PHONE_CALL].pauses_in_absence
        assert not rules[Category.REFERRAL].is_offered
        assert CategoryRule.objects.count() == 2
        assert rules_of(shelley)[Category.REFERRAL].is_offered
        event = AuditEvent.objects.get(action="ward.change")
        assert (event.ward, event.actor_name) == ("Byron", amina.name)
        (change,) = event.detail["changes"]
        assert change["changed"]["fields"] == [
            "Referral, offered: no",
            "Phone call, pauses during an absence without leave: yes",
        ]

    def test_sent_unchanged_changes_nothing(self, page: str, ward_admin: Client) -> None:
        assert submit(ward_admin, page).status_code == 302
        assert not CategoryRule.objects.exists()
        assert not AuditEvent.objects.filter(action="ward.change").exists()

    def test_without_any_category_offered_says_what_to_do(
        self, page: str, ward_admin: Client
    ) -> None:
        shown = filled_form(ward_admin, page)["shown"]
        assert errors_on(ward_admin.post(page, {"shown": shown})) == [
            "Offer at least one category: tasks need one."
        ]
        assert not CategoryRule.objects.exists()

    def test_stands_on_the_page_of_the_ward(self, byron: Ward, ward_admin: Client) -> None:
        shown = ward_admin.get(address(Ward, "change", byron)).content.decode()
        assert '<a href="../task-categories/">Task categories</a>' in shown


class TestTheForm:
    def test_offers_what_the_ward_offers(
        self, byron: Ward, shelley: Ward, beatrice: Patient, nurse: Client
    ) -> None:
        set_rule(byron, Category.REFERRAL, is_offered=False)
        set_rule(shelley, Category.OTHER, is_offered=False)
        assert offered(nurse) == [one for one in Category.values if one != "referral"]
        assert add(nurse, beatrice, category="referral").status_code == 422

    def test_keeps_the_category_that_a_task_has(
        self, byron: Ward, beatrice: Patient, nurse: Client
    ) -> None:
        task = phone_call(beatrice)
        set_rule(byron, Category.PHONE_CALL, is_offered=False)
        assert "phone_call" in offered(nurse, f"/tasks/{task.public_id}/edit/")
        assert "phone_call" not in offered(nurse)

    @pytest.mark.parametrize(
        ("ward_says", "nurse_says", "carries_over"),
        [
            (True, "usual", True),
            (False, "usual", False),
            (True, "False", False),
            (False, "True", True),
        ],
    )
    def test_carries_over_as_the_ward_says_unless_the_nurse_says_otherwise(
        self,
        byron: Ward,
        beatrice: Patient,
        nurse: Client,
        *,
        ward_says: bool,
        nurse_says: str,
        carries_over: bool,
    ) -> None:
        set_rule(byron, Category.PHONE_CALL, carries_over=ward_says)
        assert add(nurse, beatrice, carry_over=nurse_says).status_code == 302
        assert Task.objects.get().carry_over is carries_over
