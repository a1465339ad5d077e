"""While a patient is absent without leave, work of the categories that the ward chose waits."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tasks import actions
from tasks.actions import TaskChanged
from tasks.categories import DEFAULTS, SETTINGS
from tasks.creation import edit
from tasks.models import Category, CategoryRule, Task
from tasks.patient_facts import facts_of
from tasks.pauses import paused
from tests.factories import TODAY, WardFactory, member_of
from tests.tasks.diary import HTMX, act, text_of
from tests.tasks.patients import CLERK, patient_on, phone_call, tribunal
from tests.tasks.test_diary_of_patients import DIARY, section
from tests.threads import at_once
from wards import leave
from wards.actors import person
from wards.models import Patient, Role, Stay, StayStatus, User, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]

PAUSED = "Paused: absent without leave"


@pytest.fixture
def beatrice(byron: Ward) -> Patient:
    return patient_on(byron, surname="Quill", first_name="Beatrice")


def review(patient: Patient) -> Task:
    """Return a task that nobody can do without the patient."""
    return phone_call(patient, title="Repeat bloods", category=Category.MEDICAL_REVIEW)


def stay_of(patient: Patient) -> Stay:
    return Stay.objects.select_related("ward", "bed").get(patient=patient)


def go_missing(patient: Patient) -> Stay:
    return leave.be_absent(stay=stay_of(patient), by=CLERK)


def let(ward: Ward, category: Category, *, pause: bool) -> None:
    usual = dict(zip(SETTINGS, DEFAULTS[category], strict=True))
    facts = usual | {"pauses_in_absence": pause}
    CategoryRule.objects.update_or_create(ward=ward, category=category, defaults=facts)


def paused_titles() -> set[str]:
    return set(paused().values_list("title", flat=True))


class TestWhatWaits:
    @pytest.mark.parametrize("category", Category)
    def test_is_what_the_ward_has_chosen_or_else_the_default(
        self, byron: Ward, beatrice: Patient, category: Category
    ) -> None:
        phone_call(beatrice, category=category)
        go_missing(beatrice)
        assert paused().exists() == DEFAULTS[category][2]
        for chosen in (True, False):
            let(byron, category, pause=chosen)
            assert paused().exists() == chosen

    def test_is_the_open_work_of_the_absent_patient_on_their_ward(
        self, byron: Ward, beatrice: Patient
    ) -> None:
        task, tom = review(beatrice), patient_on(byron)
        review(tom)
        actions.complete(task=review(beatrice), by=CLERK)
        tribunal(beatrice)
        let(WardFactory.create(), Category.MEDICAL_REVIEW, pause=False)
        assert not paused().exists()
        go_missing(beatrice)
        assert paused().get() == task

    @pytest.mark.parametrize("come_back", [leave.come_back, leave.not_be_absent])
    def test_goes_on_exactly_as_before_when_the_patient_is_back(
        self, byron: Ward, beatrice: Patient, sarah: User, come_back: Callable[..., Stay]
    ) -> None:
        task = actions.start(task=review(beatrice), by=person(sarah))
        before = Task.objects.values().get()
        come_back(stay=go_missing(beatrice), by=person(sarah))
        assert Task.objects.values().get() == before
        assert not paused().exists()
        actions.complete(task=task, by=person(sarah))  # from a page opened before the absence

    def test_counts_what_is_added_or_changed_during_the_absence(self, beatrice: Patient) -> None:
        call = phone_call(beatrice)
        go_missing(beatrice)
        added = review(beatrice)
        assert [event.action for event in added.events.all()] == ["create", "pause"]
        assert paused_titles() == {"Repeat bloods"}
        edit(task=call, by=CLERK, category=Category.ASSESSMENT)
        assert paused_titles() == {"Repeat bloods", "Phone his sister"}

    def test_is_not_there_for_a_patient_on_leave(self, beatrice: Patient, sarah: User) -> None:
        task = review(beatrice)
        stay = leave.go_on_leave(stay=stay_of(beatrice), by=CLERK)
        assert not paused().exists()
        leave.come_back(stay=stay, by=CLERK)
        assert [event.action for event in task.events.all()] == ["create"]


class TestWhatIsWritten:
    def test_each_task_tells_who_paused_and_resumed_it_and_why(
        self, beatrice: Patient, sarah: User
    ) -> None:
        task, call = review(beatrice), phone_call(beatrice)
        stay = leave.be_absent(stay=stay_of(beatrice), by=person(sarah))
        leave.come_back(stay=stay, by=person(sarah))
        told = [(event.action, event.by, event.reason) for event in task.events.all()]
        assert told[1:] == [
            ("pause", sarah, "The patient is absent without leave."),
            ("resume", sarah, ""),
        ]
        assert call.events.count() == 1


class TestActions:
    @pytest.mark.parametrize(
        "action", [actions.claim, actions.start, actions.complete], ids=lambda one: one.__name__
    )
    def test_on_paused_work_are_refused(
        self, beatrice: Patient, sarah: User, action: Callable[..., Task]
    ) -> None:
        task = review(beatrice)
        go_missing(beatrice)
        with pytest.raises(TaskChanged) as refusal:
            action(task=task, by=person(sarah))
        assert refusal.value.latest
        assert refusal.value.latest.action == "pause"
        assert Task.objects.get().status == "pending"

    def test_a_mistaken_completion_can_be_undone_and_work_called_off(
        self, beatrice: Patient, sarah: User
    ) -> None:
        task = actions.complete(task=review(beatrice), by=person(sarah))
        go_missing(beatrice)
        actions.reopen(task=task, by=person(sarah))
        assert paused().get() == task
        actions.cancel(task=task, by=person(sarah), reason="Not needed")
        assert not paused().exists()


class TestThePages:
    def test_say_in_words_that_work_waits_and_offer_no_button(
        self, page: Client, beatrice: Patient
    ) -> None:
        task = review(beatrice)
        go_missing(beatrice)
        for path in (DIARY, f"/patients/{beatrice.pk}/work/"):
            shown = section(page, "patient-tasks", path)
            assert PAUSED in shown
            assert f'id="complete-{task.public_id}"' not in shown
        assert PAUSED in text_of(page, f"/tasks/{task.public_id}/")

    def test_never_call_it_overdue_until_it_goes_on(self, page: Client, beatrice: Patient) -> None:
        phone_call(
            beatrice,
            category=Category.ASSESSMENT,
            due_on=TODAY - timedelta(days=1),
            carry_over=True,
        )
        stay = go_missing(beatrice)
        assert "Overdue" not in text_of(page, DIARY)
        assert facts_of([beatrice.pk]) == {beatrice.pk: ["1 open", "1 paused"]}
        leave.come_back(stay=stay, by=CLERK)
        assert "Overdue" in text_of(page, DIARY)
        assert facts_of([beatrice.pk]) == {beatrice.pk: ["1 open", "1 overdue"]}

    def test_a_click_on_a_card_from_before_the_absence_is_told_why(
        self, page: Client, beatrice: Patient
    ) -> None:
        task = review(beatrice)
        go_missing(beatrice)
        answer = act(page, task, "complete", headers=HTMX)
        assert answer.status_code == 409
        assert "Repeat bloods was paused by A clerk" in answer.content.decode()
        assert Task.objects.get().status == "pending"

    def test_before_the_absence_they_tell_what_will_pause(
        self, page: Client, beatrice: Patient
    ) -> None:
        form = f"/patients/{beatrice.pk}/absence/"
        assert "These tasks pause" not in text_of(page, form)
        review(beatrice)
        phone_call(beatrice)
        shown = text_of(page, form)
        assert "These tasks pause until the patient is back:" in shown
        assert "<li>Repeat bloods</li>" in shown
        assert "<li>Phone his sister</li>" not in shown

    @pytest.mark.parametrize("name", ["return", "no-absence"])
    def test_before_the_return_they_tell_what_goes_on(
        self, page: Client, beatrice: Patient, name: str
    ) -> None:
        review(beatrice)
        go_missing(beatrice)
        shown = text_of(page, f"/patients/{beatrice.pk}/{name}/")
        assert "These tasks go on as they were before:" in shown
        assert "<li>Repeat bloods</li>" in shown

    @pytest.mark.parametrize("number", [1, 15])
    def test_take_the_same_number_of_queries_whoever_is_absent(
        self,
        page: Client,
        byron: Ward,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(number):
            patient = patient_on(byron)
            review(patient)
            go_missing(patient)
        page.get(DIARY)
        with django_assert_num_queries(18):
            page.get(DIARY)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.mark.parametrize("round_", range(3))
    def test_an_absence_and_clicks_leave_one_truth(
        self, byron: Ward, beatrice: Patient, round_: int
    ) -> None:
        tasks = [review(beatrice) for _ in range(4)]
        by = person(member_of(byron, role=Role.WARD_ADMIN))
        calls: list[Callable[[], object]] = [
            partial(leave.be_absent, stay=stay_of(beatrice), by=by),
            *(partial(actions.complete, task=Task.objects.get(pk=one.pk), by=by) for one in tasks),
            partial(review, beatrice),
        ]
        absent, *clicked, added = at_once(*calls)
        assert isinstance(absent, Stay)
        assert isinstance(added, Task)
        assert {type(result) for result in clicked} <= {Task, TaskChanged}
        assert Stay.objects.get().status == StayStatus.ABSENT
        for task in Task.objects.all():
            told = [event.action for event in task.events.all()]
            assert told in (["create", "complete"], ["create", "pause"])
            assert (task.status == "completed") == ("complete" in told)
        assert set(paused()) == set(Task.objects.open())

    def test_of_a_return_and_its_being_no_absence_one_wins(self, beatrice: Patient) -> None:
        task = review(beatrice)
        stay = go_missing(beatrice)
        results = at_once(
            partial(leave.come_back, stay=stay, by=CLERK),
            partial(leave.not_be_absent, stay=stay, by=CLERK),
        )
        assert sum(isinstance(result, Stay) for result in results) == 1
        assert [event.action for event in task.events.all()] == ["create", "pause", "resume"]
        assert not paused().exists()
