"""The admin's list of tasks: what it opens on, and what it finds."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.test import Client

from tasks.models import Task
from tests.admin.pages import address
from tests.admin.test_tasks import AT_NOON, LIST, as_shown
from tests.factories import TaskFactory, completed, member_of
from wards.models import Ward

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(AT_NOON, tick=False):
        yield


def titles(ward_admin: Client, **question: str) -> list[str]:
    """Return what the list shows, in its order."""
    rows = ward_admin.get(LIST, question).context["cl"].result_list
    return [task.title for task in rows]


@pytest.fixture
def _days(byron: Ward) -> None:
    nurse = member_of(byron)
    days = {"Long overdue": 20, "Today": 27, "Tomorrow": 28, "Next week": 31}
    for title, day in reversed(days.items()):
        TaskFactory.create(ward=byron, title=title, due_on=date(2026, 1, day))
    for title, day in (("Done today", 27), ("Done last week", 20)):
        completed(TaskFactory.create(ward=byron, title=title, due_on=date(2026, 1, day)), nurse)


@pytest.mark.usefixtures("_days")
def test_the_list_opens_on_what_is_overdue_then_today_then_what_comes(ward_admin: Client) -> None:
    shown = ["Long overdue", "Done today", "Today", "Tomorrow", "Next week"]
    assert titles(ward_admin) == shown


@pytest.mark.usefixtures("_days")
@pytest.mark.parametrize(
    "question",
    [
        {"days": "all"},
        {"q": "Done last week"},
        {"due_on__lte": "2026-01-20"},
        {"due_on__year": "2026", "due_on__month": "1", "due_on__day": "20"},
    ],
)
def test_who_asks_for_days_or_words_finds_what_is_over(
    question: dict[str, str], ward_admin: Client
) -> None:
    assert "Done last week" in titles(ward_admin, **question)


@pytest.mark.usefixtures("_days")
def test_show_all_shows_all(ward_admin: Client) -> None:
    page = ward_admin.get(LIST).content.decode()
    found = re.search(r'href="([^"]*)">Show all<', page)
    assert found
    assert len(ward_admin.get(f"{LIST}{found[1]}").context["cl"].result_list) == 6


@pytest.mark.usefixtures("_days")
def test_a_search_stays_within_the_filters(ward_admin: Client) -> None:
    page = ward_admin.get(LIST, {"status__exact": "completed"}).content.decode()
    assert '<input type="hidden" name="status__exact" value="completed">' in page


@pytest.mark.usefixtures("_days")
def test_a_task_of_a_past_day_is_reopened_from_its_page(ward_admin: Client) -> None:
    task = Task.objects.get(title="Done last week")
    page = ward_admin.get(address(Task, "change", task)).content.decode()
    found = re.search(r'action="(/admin/tasks/task/[^"]*)"', unescape(page))
    assert found
    data = {"action": "reopen_tasks", "_selected_action": task.pk, **as_shown(task)}
    assert b"is reopened." in ward_admin.post(found[1], data, follow=True).content


def test_the_list_tells_what_is_overdue(byron: Ward, ward_admin: Client) -> None:
    TaskFactory.create(ward=byron, title="Now")
    TaskFactory.create(ward=byron, title="Night", due_on=date(2026, 1, 26), shift="night")
    done = TaskFactory.create(ward=byron, title="Done", due_on=date(2026, 1, 26))
    completed(done, member_of(byron))

    def overdue() -> set[str]:
        return set(titles(ward_admin, overdue="yes"))

    assert overdue() == {"Night"}
    with time_machine.travel(datetime(2026, 1, 27, 7, 29, tzinfo=UTC)):
        assert overdue() == set()
    with time_machine.travel(datetime(2026, 1, 27, 14, 30, tzinfo=UTC)):
        assert overdue() == {"Now", "Night"}
