"""Recurring work: what is saved, what follows in the diary, and the week that is shown."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from audit.models import AuditEvent
from tasks import actions
from tasks.models import Task, TaskTemplate
from tasks.schedule import coming_days, generate
from tests.admin.pages import address, errors_on, filled_form, submit
from tests.factories import GuideFactory, MembershipFactory, TemplateFactory, member_of
from wards.actors import person
from wards.models import Role, User, Ward

pytestmark = pytest.mark.django_db

ADD = address(TaskTemplate, "add")
WEEK = address(TaskTemplate, "week")
TUESDAY_AT_TEN = datetime(2026, 1, 27, 10, tzinfo=UTC)
EVERY_DAY = ["1", "2", "3", "4", "5", "6", "7"]


@pytest.fixture(autouse=True)
def _on_tuesday_at_ten() -> Iterator[None]:
    with time_machine.travel(TUESDAY_AT_TEN, tick=False):
        yield


def add(client: Client, ward: Ward, **changes: Any) -> Any:
    data = filled_form(client, ADD) | {
        "ward": ward.pk,
        "title": "Safety huddle",
        "weekdays": EVERY_DAY,
        "shift": "early",
    }
    return client.post(ADD, data | changes)


def days_of(title: str) -> list[int]:
    return [task.due_on.day for task in Task.objects.filter(title=title).order_by("due_on")]


class TestAdding:
    def test_it_begins_today_unless_another_day_is_chosen(self, ward_admin: Client) -> None:
        assert filled_form(ward_admin, ADD)["active_from"] == "27/01/2026"

    def test_the_tasks_of_the_coming_days_are_there_at_once(
        self, byron: Ward, amina: User, ward_admin: Client
    ) -> None:
        assert add(ward_admin, byron, weekdays=["2", "4"]).status_code == 302
        assert days_of("Safety huddle") == [27, 29, 3]
        assert TaskTemplate.objects.get().weekdays == [2, 4]
        events = AuditEvent.objects.filter(action="template.create")
        assert [(one.actor_name, one.source, one.ward) for one in events] == [
            ("Amina Yusuf", "admin", "Byron")
        ]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"weekdays": []}, "Choose at least one day of the week."),
            ({"weekdays": ["8"]}, "Select a valid choice. 8 is not one of the available choices."),
            ({"active_until": "26/01/2026"}, "The last day must not be before the first."),
            ({"active_from": "0001-01-01"}, "greater than or equal to"),
            ({"title": ""}, "This field is required."),
            ({"guide": "999"}, "Select a valid choice."),
        ],
    )
    def test_what_cannot_be_is_an_error_on_the_form(
        self, changes: dict[str, Any], message: str, byron: Ward, ward_admin: Client
    ) -> None:
        assert message in errors_on(add(ward_admin, byron, **changes))[0]
        assert not TaskTemplate.objects.exists()

    def test_a_forged_ward_is_refused(self, shelley: Ward, ward_admin: Client) -> None:
        assert errors_on(add(ward_admin, shelley))
        assert not Task.objects.exists()

    def test_an_audit_has_its_type_and_its_guide(self, byron: Ward, ward_admin: Client) -> None:
        guide = GuideFactory.create()
        add(ward_admin, byron, audit_type="fridge_temps", guide=guide.pk, carry_over="on")
        task = Task.objects.first()
        assert task is not None
        assert (task.audit_type, task.guide, task.carry_over) == ("fridge_temps", guide, True)


class TestChanging:
    @pytest.fixture
    def template(self, byron: Ward) -> TaskTemplate:
        template = TemplateFactory.create(ward=byron, title="Old")
        generate(days=coming_days(TUESDAY_AT_TEN))
        assert days_of("Old") == [26, 27, 28, 29, 30, 31, 1, 2, 3]
        return template

    def test_only_untouched_tasks_from_tomorrow_on_follow(
        self, template: TaskTemplate, byron: Ward, ward_admin: Client
    ) -> None:
        touched = Task.objects.get(due_on=date(2026, 1, 30))
        actions.claim(task=touched, by=person(member_of(byron)))
        submit(ward_admin, address(TaskTemplate, "change", template), title="New")
        assert days_of("Old") == [26, 27, 30]
        assert days_of("New") == [28, 29, 31, 1, 2, 3]

    def test_nothing_happens_when_nothing_is_changed(
        self, template: TaskTemplate, ward_admin: Client
    ) -> None:
        before = list(Task.objects.values_list("pk", flat=True))
        submit(ward_admin, address(TaskTemplate, "change", template))
        assert list(Task.objects.values_list("pk", flat=True)) == before
        assert not AuditEvent.objects.filter(action="template.change").exists()

    def test_it_is_ended(self, template: TaskTemplate, ward_admin: Client) -> None:
        path = address(TaskTemplate, "change", template)
        submit(ward_admin, path, active_until="2026-01-29")
        assert days_of("Old") == [26, 27, 28, 29]

    def test_it_is_deleted_with_its_untouched_tasks(
        self, template: TaskTemplate, ward_admin: Client
    ) -> None:
        path = address(TaskTemplate, "delete", template)
        assert ward_admin.post(path, {"post": "yes"}).status_code == 302
        assert days_of("Old") == [26, 27]
        assert AuditEvent.objects.filter(action="template.delete").count() == 1

    def test_it_stays_on_its_ward(
        self, template: TaskTemplate, byron: Ward, shelley: Ward, senior: Client
    ) -> None:
        path = address(TaskTemplate, "change", template)
        senior.post(path, filled_form(senior, path) | {"ward": shelley.pk, "title": "New"})
        assert TaskTemplate.objects.get().ward == byron

    def test_a_template_of_another_ward_cannot_be_deleted(
        self, shelley: Ward, ward_admin: Client
    ) -> None:
        other = TemplateFactory.create(ward=shelley)
        ward_admin.post(address(TaskTemplate, "delete", other), {"post": "yes"})
        assert TaskTemplate.objects.filter(pk=other.pk).exists()


def table_of(page: str) -> dict[str, list[list[str]]]:
    """Return the titles in each cell by day."""
    rows = re.findall(r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    cells = {day: re.findall(r"<td>(.*?)</td>", rest, re.DOTALL) for day, rest in rows}
    return {
        day: [re.findall(r"<a[^>]*>(.*?)</a>", cell) for cell in row] for day, row in cells.items()
    }


class TestWeek:
    def test_it_shows_seven_days_from_tomorrow_on(self, byron: Ward, ward_admin: Client) -> None:
        TemplateFactory.create(ward=byron, title="Huddle", weekdays=[3], shift="early")
        TemplateFactory.create(ward=byron, title="Rounds", weekdays=[3, 5], shift="night")
        week = table_of(ward_admin.get(WEEK).content.decode())
        assert list(week) == [
            "Wed 28 Jan",
            "Thu 29 Jan",
            "Fri 30 Jan",
            "Sat 31 Jan",
            "Sun 1 Feb",
            "Mon 2 Feb",
            "Tue 3 Feb",
        ]
        assert week["Wed 28 Jan"] == [["Huddle"], [], ["Rounds"]]
        assert week["Fri 30 Jan"] == [[], [], ["Rounds"]]

    def test_it_shows_what_generation_does(self, byron: Ward, ward_admin: Client) -> None:
        starting, ending = date(2026, 1, 30), date(2026, 1, 29)
        TemplateFactory.create(ward=byron, title="Starts", active_from=starting, shift="late")
        TemplateFactory.create(ward=byron, title="Ends", active_until=ending, shift="late")
        TemplateFactory.create(ward=byron, title="Weekend", weekdays=[6, 7], shift="night")
        shown = {
            (day.day, template.title, template.shift)
            for day in ward_admin.get(WEEK).context["week"]
            for templates in day.shifts
            for template in templates
        }
        generate(days=coming_days(TUESDAY_AT_TEN))
        made = Task.objects.filter(due_on__gt=TUESDAY_AT_TEN.date())
        assert shown == set(made.values_list("due_on", "title", "shift"))
        assert len(shown) == 5 + 2 + 2

    def test_a_ward_is_chosen_from_ones_own(
        self, byron: Ward, shelley: Ward, amina: User, ward_admin: Client, senior: Client
    ) -> None:
        assert b"Shelley" not in ward_admin.get(WEEK).content
        assert ward_admin.get(WEEK, {"ward": "shelley"}).status_code == 404
        assert b"Work of Shelley" in senior.get(WEEK, {"ward": "shelley"}).content
        MembershipFactory.create(user=amina, ward=shelley, role=Role.WARD_ADMIN)
        assert b"Work of Shelley" in ward_admin.get(WEEK, {"ward": "shelley"}).content

    def test_the_list_and_the_form_link_to_it(self, byron: Ward, ward_admin: Client) -> None:
        template = TemplateFactory.create(ward=byron)
        assert f'href="{WEEK}"' in ward_admin.get(address(TaskTemplate)).content.decode()
        form = ward_admin.get(address(TaskTemplate, "change", template)).content.decode()
        assert f'href="{WEEK}?ward=byron"' in form

    def test_a_trust_without_wards_has_an_empty_week(self, senior: Client) -> None:
        assert b"There is no ward yet." in senior.get(WEEK).content
