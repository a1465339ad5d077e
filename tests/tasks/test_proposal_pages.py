"""The pages on which repeating work is added, proposed, decided on, changed and withdrawn."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tasks import proposals
from tasks.models import Task, TaskTemplate
from tests.factories import GuideFactory, TemplateFactory, member_of
from tests.tasks.diary import TEN, text_of
from wards.actors import person
from wards.models import Role, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]

ADD = "/wards/byron/diary/2026-01-27/add/ward-task/"
PROPOSALS = "/wards/byron/proposals/"


@pytest.fixture
def nurse(sarah: User) -> Client:
    client = Client()
    client.force_login(sarah)
    return client


@pytest.fixture
def amina(byron: Ward) -> User:
    return member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf")


@pytest.fixture
def manager(amina: User) -> Client:
    client = Client()
    client.force_login(amina)
    return client


@pytest.fixture
def proposal(byron: Ward, sarah: User) -> TaskTemplate:
    template = TemplateFactory.build(ward=byron, title="Water the plants", weekdays=[1, 4])
    return proposals.propose(template=template, by=person(sarah))


def filled_in(**changes: Any) -> dict[str, Any]:
    """Return what a person sends who has filled in the form well, but for `changes`."""
    return {
        "title": "Water the plants",
        "repeats": "repeats",
        "due_on": "2026-01-28",
        "weekdays": ["1", "4"],
        "active_until": "",
        "carry_over": "True",
        "shift": "late",
        "priority": "2",
        "instructions": "Not the cactus",
        **changes,
    }


def press(
    client: Client, template: TaskTemplate, what: str, seen: str = "", **data: Any
) -> "Answer":
    """Press a button of the proposal, as it now stands unless it was `seen` at another time."""
    assert template.proposed_at
    sent = {"seen": seen or template.proposed_at.isoformat(), **data}
    return client.post(f"{PROPOSALS}{template.pk}/{what}/", sent)


class TestAdding:
    def test_by_a_nurse_waits_and_leads_to_what_they_proposed(
        self, nurse: Client, byron: Ward, sarah: User
    ) -> None:
        guide = GuideFactory.create()
        response = nurse.post(ADD, filled_in(guide=guide.pk, active_until="2026-03-01"))
        assert response["Location"] == PROPOSALS
        template = TaskTemplate.objects.get()
        assert (template.ward, template.proposed_by, template.is_waiting) == (byron, sarah, True)
        assert (template.weekdays, template.shift, template.priority) == ([1, 4], "late", 2)
        assert (template.active_from, template.active_until) == (
            date(2026, 1, 28),
            date(2026, 3, 1),
        )
        assert (template.carry_over, template.guide) == (True, guide)
        text = text_of(nurse, PROPOSALS)
        assert "Water the plants waits for the approval of a ward admin." in text
        assert "Mon, Thu, late shift, from Wednesday 28 January 2026 until" in text
        assert not Task.objects.exists()

    def test_twice_by_a_double_click_proposes_it_once(self, nurse: Client) -> None:
        sent = filled_in(once="d1d1")
        for _ in range(2):
            assert nurse.post(ADD, sent)["Location"] == PROPOSALS
        press(nurse, TaskTemplate.objects.get(), "withdraw")
        text_of(nurse, PROPOSALS)
        nurse.post(ADD, sent)
        assert "the proposal was withdrawn meanwhile" in text_of(nurse, PROPOSALS)
        assert not TaskTemplate.objects.exists()

    def test_by_a_ward_admin_is_in_the_diary_at_once(self, manager: Client) -> None:
        response = manager.post(ADD, filled_in())
        assert response["Location"] == "/wards/byron/diary/2026-01-28/"
        assert "its tasks are in the diary" in text_of(manager, response["Location"])
        assert TaskTemplate.objects.get().is_in_force
        assert [task.due_on.day for task in Task.objects.all()] == [29, 2]

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"title": " "}, "Say what it is."),
            ({"weekdays": []}, "Choose at least one day of the week."),
            ({"weekdays": ["8"]}, "Select a valid choice."),
            ({"active_until": "2026-01-27"}, "The last day must not be before the first."),
            ({"active_until": "2026-01-28"}, "None of these days is between"),
            ({"active_until": "soon"}, "Choose a day of the calendar."),
            ({"due_on": "2026-01-26"}, "This day is over"),
            ({"carry_over": ""}, "This field is required."),
        ],
    )
    def test_that_is_not_filled_in_well_says_what_is_wrong_and_stores_nothing(
        self, nurse: Client, changes: dict[str, Any], problem: str
    ) -> None:
        response = nurse.post(ADD, filled_in(**changes))
        assert response.status_code == 422
        text = response.content.decode()
        assert text.count(problem) == 2  # in the summary and at the field
        assert "Not the cactus" in text
        assert not TaskTemplate.objects.exists()

    def test_may_begin_today_though_the_shift_is_over(self, nurse: Client) -> None:
        with time_machine.travel(TEN + timedelta(hours=8), tick=False):
            sent = filled_in(due_on="2026-01-27", shift="early")
            assert nurse.post(ADD, sent).status_code == 302

    @pytest.mark.parametrize("typed", [{"weekdays": ["8"]}, {"active_until": "soon"}, {}])
    def test_once_ignores_what_only_repeating_work_says(
        self, nurse: Client, typed: dict[str, Any]
    ) -> None:
        assert nurse.post(ADD, filled_in(repeats="once", **typed)).status_code == 302
        task = Task.objects.get()
        assert (task.title, task.due_on, task.carry_over) == (
            "Water the plants",
            date(2026, 1, 28),
            False,
        )
        assert not TaskTemplate.objects.exists()


class TestTheDiary:
    def test_tells_a_ward_admin_what_waits(
        self, manager: Client, byron: Ward, proposal: TaskTemplate, sarah: User
    ) -> None:
        assert "1 proposed task waits for your approval" in text_of(manager)
        proposals.propose(template=TemplateFactory.build(ward=byron), by=person(sarah))
        assert "2 proposed tasks wait for your approval" in text_of(manager)

    def test_tells_whoever_proposed_it_and_nobody_else(
        self, nurse: Client, byron: Ward, proposal: TaskTemplate, amina: User
    ) -> None:
        assert "1 proposed task waits for the approval of a ward admin" in text_of(nurse)
        proposals.decline(template=proposal, by=person(amina), reason="No plants")
        assert "What became of your proposals" in text_of(nurse)
        for other in (member_of(byron), amina):
            nurse.force_login(other)
            assert "hub-waiting" not in text_of(nurse)

    def test_says_nothing_where_nothing_was_proposed(self, manager: Client) -> None:
        TemplateFactory.create(ward=Ward.objects.get())
        assert "hub-waiting" not in text_of(manager)

    def test_forgets_what_was_decided_long_ago(
        self, nurse: Client, proposal: TaskTemplate, amina: User, sarah: User
    ) -> None:
        proposals.decline(template=proposal, by=person(amina), reason="No plants")
        with time_machine.travel(TEN + timedelta(weeks=5), tick=False):
            nurse.force_login(sarah)
            assert "hub-waiting" not in text_of(nurse)
            assert "Water the plants" not in text_of(nurse, PROPOSALS)


class TestDeciding:
    def test_approving_is_one_click_and_fills_the_diary(
        self, manager: Client, nurse: Client, proposal: TaskTemplate
    ) -> None:
        assert "Proposed by Sarah Johnson, Tue 27 Jan, 10:00" in text_of(manager, PROPOSALS)
        assert press(manager, proposal, "approve")["Location"] == PROPOSALS
        assert "Water the plants is approved" in text_of(manager, PROPOSALS)
        assert "<strong>Approved</strong> by Amina Yusuf" in text_of(nurse, PROPOSALS)
        assert [task.due_on.day for task in Task.objects.all()] == [29, 2]

    def test_approving_what_is_over_says_so(self, manager: Client, proposal: TaskTemplate) -> None:
        TaskTemplate.objects.update(active_until=date(2026, 1, 26))
        answer = press(manager, proposal, "approve")
        assert "Not approved: its last day is over." in text_of(manager, answer["Location"])
        proposal.refresh_from_db()
        assert proposal.is_waiting

    def test_declining_takes_a_reason_which_whoever_proposed_it_reads(
        self, manager: Client, nurse: Client, proposal: TaskTemplate
    ) -> None:
        refused = press(manager, proposal, "decline", reason=" ")
        assert refused.status_code == 422
        assert "Say why you decline it." in refused.content.decode()
        press(manager, proposal, "decline", reason="The plants are plastic")
        text = text_of(nurse, PROPOSALS)
        assert "<strong>Declined</strong> by Amina Yusuf, Tue 27 Jan, 10:00: The plants" in text

    def test_on_an_old_page_says_who_was_first(
        self, manager: Client, byron: Ward, proposal: TaskTemplate
    ) -> None:
        other = Client()
        other.force_login(member_of(byron, role=Role.WARD_ADMIN))
        press(manager, proposal, "approve")
        for what in ("approve", "decline"):
            press(other, proposal, what, reason="No")
            text = text_of(other, PROPOSALS)
            assert "Nothing was changed: Water the plants was approved by Amina Yusuf at" in text
        assert other.get(f"{PROPOSALS}{proposal.pk}/decline/")["Location"] == PROPOSALS
        assert TaskTemplate.objects.get().is_in_force

    def test_on_what_was_changed_meanwhile_asks_to_look_again(
        self, manager: Client, nurse: Client, proposal: TaskTemplate
    ) -> None:
        with time_machine.travel(TEN + timedelta(minutes=5), tick=False):
            press(nurse, proposal, "edit", **filled_in(title="Drown the plants"))
            press(manager, proposal, "approve")
            text = text_of(manager, PROPOSALS)
        assert "Drown the plants was changed by Sarah Johnson at 10:05." in text
        assert TaskTemplate.objects.get().is_waiting

    def test_on_what_was_withdrawn_says_so(
        self, manager: Client, nurse: Client, proposal: TaskTemplate
    ) -> None:
        press(nurse, proposal, "withdraw")
        for what in ("approve", "decline"):
            press(manager, proposal, what, reason="No")
            assert "the proposal was withdrawn meanwhile" in text_of(manager, PROPOSALS)

    @pytest.mark.parametrize("seen", ["", "yesterday", "2026-13-01T00:00:00Z"])
    def test_that_does_not_say_what_it_saw_is_refused(
        self, manager: Client, proposal: TaskTemplate, seen: str
    ) -> None:
        sent = {"seen": seen, "reason": "No"}
        for what in ("approve", "decline"):
            assert manager.post(f"{PROPOSALS}{proposal.pk}/{what}/", sent).status_code == 400
        assert TaskTemplate.objects.get().is_waiting


class TestWhoeverProposedIt:
    def test_changes_it_while_it_waits(self, nurse: Client, proposal: TaskTemplate) -> None:
        assert 'value="Water the plants"' in text_of(nurse, f"{PROPOSALS}{proposal.pk}/edit/")
        answer = press(nurse, proposal, "edit", **filled_in(title="Feed the fish"))
        assert answer["Location"] == PROPOSALS
        assert "Feed the fish is changed, and waits for approval." in text_of(nurse, PROPOSALS)

    def test_changing_it_on_an_old_page_takes_a_second_look(
        self, nurse: Client, proposal: TaskTemplate
    ) -> None:
        with time_machine.travel(TEN + timedelta(minutes=5), tick=False):
            press(nurse, proposal, "edit", **filled_in(title="Feed the fish"))
            answer = press(nurse, proposal, "edit", **filled_in(title="Feed the cat"))
            text = answer.content.decode()
        assert answer.status_code == 409
        assert "You have changed this meanwhile" in text
        assert 'value="Feed the cat"' in text
        assert TaskTemplate.objects.get().title == "Feed the fish"

    def test_no_longer_changes_what_was_decided(
        self, nurse: Client, manager: Client, proposal: TaskTemplate
    ) -> None:
        press(manager, proposal, "decline", reason="The plants are plastic")
        for answer in (
            partial(press, nurse, proposal, "edit", **filled_in(title="Feed the fish")),
            partial(press, nurse, proposal, "withdraw"),
            partial(nurse.get, f"{PROPOSALS}{proposal.pk}/edit/"),
        ):
            assert answer()["Location"] == PROPOSALS
            text = text_of(nurse, PROPOSALS)
            assert "Nothing was changed: Water the plants was declined by Amina Yusuf" in text

    def test_is_the_only_one_who_changes_it(
        self, client: Client, byron: Ward, proposal: TaskTemplate
    ) -> None:
        client.force_login(member_of(byron))
        assert "Water the plants" not in text_of(client, PROPOSALS)
        for what in ("edit", "withdraw", "approve", "decline"):
            assert press(client, proposal, what, reason="No").status_code == 403


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_the_same_number_of_queries_whatever_the_proposals(
    manager: Client,
    byron: Ward,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(number):
        template = TemplateFactory.build(ward=byron, guide=GuideFactory.create())
        proposals.propose(template=template, by=person(member_of(byron)))
    with django_assert_num_queries(8):
        manager.get(PROPOSALS)
