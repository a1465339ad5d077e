"""What becomes of a patient's open work at a transfer: chosen task by task, else it moves along."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from audit.models import AuditEvent
from tasks import actions
from tasks.actions import TaskChanged
from tasks.fates import Fate, field_name
from tasks.models import Task
from tasks.transitions import Action
from tests.factories import TODAY, WardFactory, member_of
from tests.tasks.diary import act, text_of
from tests.tasks.patients import patient_on, phone_call, tribunal
from tests.threads import at_once
from wards import admissions, discharges, moves
from wards.actors import Actor, Source, person
from wards.models import LegalStatus, Patient, Role, Stay, User, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]


@pytest.fixture
def shelley() -> Ward:
    return WardFactory.create(name="Shelley")


@pytest.fixture
def sarah(byron: Ward, shelley: Ward) -> User:
    """She transfers patients, and works on both wards."""
    return member_of(byron, shelley, name="Sarah Johnson")


@pytest.fixture
def tom(byron: Ward) -> User:
    """He works on the old ward only."""
    return member_of(byron, name="Tom Baker")


@pytest.fixture
def amir(byron: Ward, shelley: Ward) -> User:
    return member_of(byron, shelley, name="Amir Hussain")


@pytest.fixture
def beatrice(byron: Ward) -> Patient:
    return patient_on(byron, surname="Quill", first_name="Beatrice")


def stay_of(patient: Patient) -> Stay:
    return Stay.objects.select_related("ward", "bed").get(patient=patient)


def transfer(patient: Patient, to: Ward, by: Actor, **fates: Fate) -> Stay:
    """Transfer the patient; `fates` by the names of the tasks' fields."""
    return moves.transfer(stay=stay_of(patient), to=to, by=by, choices=fates)


NOBODY, SARAH, TOM, AMIR = "", "Sarah Johnson", "Tom Baker", "Amir Hussain"

# What was chosen, who had it; where it is then, who has it then, what its history adds.
FATES: list[tuple[Fate | None, str, str, str, list[Action]]] = [
    (None, NOBODY, "Shelley", NOBODY, [Action.TRANSFER]),
    (None, TOM, "Shelley", NOBODY, [Action.TRANSFER, Action.RELEASE]),
    (Fate.MOVES, NOBODY, "Shelley", NOBODY, [Action.TRANSFER]),
    (Fate.MOVES, SARAH, "Shelley", SARAH, [Action.TRANSFER]),
    (Fate.MOVES, AMIR, "Shelley", AMIR, [Action.TRANSFER]),
    (Fate.MOVES, TOM, "Shelley", NOBODY, [Action.TRANSFER, Action.RELEASE]),
    (Fate.UNASSIGNED, NOBODY, "Shelley", NOBODY, [Action.TRANSFER]),
    (Fate.UNASSIGNED, SARAH, "Shelley", NOBODY, [Action.TRANSFER, Action.RELEASE]),
    (Fate.UNASSIGNED, AMIR, "Shelley", NOBODY, [Action.TRANSFER, Action.RELEASE]),
    (Fate.UNASSIGNED, TOM, "Shelley", NOBODY, [Action.TRANSFER, Action.RELEASE]),
    (Fate.TAKEN, NOBODY, "Shelley", SARAH, [Action.TRANSFER, Action.CLAIM]),
    (Fate.TAKEN, SARAH, "Shelley", SARAH, [Action.TRANSFER]),
    (Fate.TAKEN, AMIR, "Shelley", SARAH, [Action.TRANSFER, Action.TAKE_OVER]),
    (Fate.TAKEN, TOM, "Shelley", SARAH, [Action.TRANSFER, Action.TAKE_OVER]),
    (Fate.STAYS, NOBODY, "Byron", NOBODY, [Action.STAY]),
    (Fate.STAYS, SARAH, "Byron", SARAH, [Action.STAY]),
    (Fate.STAYS, AMIR, "Byron", AMIR, [Action.STAY]),
    (Fate.STAYS, TOM, "Byron", TOM, [Action.STAY]),
]


class TestEachFate:
    @pytest.mark.parametrize("add", [phone_call, tribunal])
    @pytest.mark.parametrize(("fate", "had", "ward", "has", "history"), FATES)
    def test_is_done_and_written_down(
        self,
        *,
        beatrice: Patient,
        shelley: Ward,
        sarah: User,
        tom: User,
        amir: User,
        add: Callable[..., Task],
        fate: Fate | None,
        had: str,
        ward: str,
        has: str,
        history: list[Action],
    ) -> None:
        task = add(beatrice)
        for holder in (sarah, tom, amir):
            if holder.name == had:
                actions.claim(task=task, by=person(holder))
        known = task.events.count()
        transfer(beatrice, shelley, person(sarah), **({field_name(task): fate} if fate else {}))
        task.refresh_from_db()
        assert (task.ward.name, task.claimed_by.name if task.claimed_by else "") == (ward, has)
        added = list(task.events.all())[known:]
        assert [event.action for event in added] == history
        assert {event.by for event in added} == {sarah}
        audit = AuditEvent.objects.filter(object_id=task.public_id).order_by("sequence")
        assert [event.action for event in audit][known:] == [f"task.{action}" for action in history]

    @pytest.mark.parametrize(
        ("fate", "status"),
        [
            (Fate.MOVES, "in_progress"),
            (Fate.UNASSIGNED, "pending"),
            (Fate.TAKEN, "in_progress"),
            (Fate.STAYS, "in_progress"),
        ],
    )
    def test_leaves_begun_work_begun_unless_nobody_has_it(
        self,
        *,
        beatrice: Patient,
        shelley: Ward,
        sarah: User,
        amir: User,
        fate: Fate,
        status: str,
    ) -> None:
        task = actions.start(task=phone_call(beatrice), by=person(amir))
        transfer(beatrice, shelley, person(sarah), **{field_name(task): fate})
        task.refresh_from_db()
        assert task.status == status

    def test_is_of_one_task_among_others(
        self, beatrice: Patient, byron: Ward, shelley: Ward, sarah: User
    ) -> None:
        kept, moved = phone_call(beatrice), phone_call(beatrice)
        done = actions.complete(task=phone_call(beatrice), by=person(sarah))
        chosen = {field_name(task): Fate.STAYS for task in (kept, done)}
        transfer(beatrice, shelley, person(sarah), **chosen)
        wards = {task.pk: task.ward for task in Task.objects.all()}
        assert wards == {kept.pk: byron, moved.pk: shelley, done.pk: byron}
        assert not done.events.filter(action=Action.STAY).exists()

    def test_takes_nothing_for_who_may_not_see_the_new_ward(
        self, beatrice: Patient, shelley: Ward, tom: User
    ) -> None:
        task = phone_call(beatrice)
        transfer(beatrice, shelley, person(tom), **{field_name(task): Fate.TAKEN})
        task.refresh_from_db()
        assert (task.ward, task.claimed_by) == (shelley, None)

    def test_never_leaves_behind_what_the_legal_status_asks_for(
        self, client: Client, beatrice: Patient, shelley: Ward, sarah: User
    ) -> None:
        admissions.edit(
            stay=stay_of(beatrice),
            by=person(sarah),
            legal_status=LegalStatus.SECTION_2,
            legal_status_since=TODAY,
        )
        tasks = list(Task.objects.open())
        assert tasks
        client.force_login(sarah)
        page = text_of(client, f"/patients/{beatrice.pk}/transfer/")
        assert "Stays on Byron" not in page
        chosen = {field_name(task): Fate.STAYS for task in tasks}
        transfer(beatrice, shelley, person(sarah), **chosen)
        assert {task.ward for task in Task.objects.open()} == {shelley}

    def test_by_a_machine_moves_the_work(self, beatrice: Patient, shelley: Ward) -> None:
        task = phone_call(beatrice)
        transfer(beatrice, shelley, Actor("SystmOne", Source.SYSTMONE))
        task.refresh_from_db()
        assert task.ward == shelley


class TestWhatStays:
    @pytest.fixture
    def letter(self, beatrice: Patient, shelley: Ward, sarah: User) -> Task:
        task = phone_call(beatrice, title="Finish the letter", category="documentation")
        transfer(beatrice, shelley, person(sarah), **{field_name(task): Fate.STAYS})
        return task

    @pytest.fixture
    def page(self, client: Client, tom: User) -> Client:
        client.force_login(tom)
        return client

    def test_is_in_the_old_wards_diary_with_the_name_and_leads_nowhere_else(
        self, page: Client, letter: Task, beatrice: Patient
    ) -> None:
        text = text_of(page)
        assert "Finish the letter" in text
        assert "QUILL, Beatrice" in text
        assert "no longer on this ward" in text
        assert f"/patients/{beatrice.pk}/" not in text
        assert "Shelley" not in text

    def test_is_not_in_the_new_wards_work(
        self, client: Client, letter: Task, beatrice: Patient, shelley: Ward
    ) -> None:
        client.force_login(member_of(shelley))
        assert "Finish the letter" not in text_of(client, "/wards/shelley/diary/")
        assert "1 open" not in text_of(client, "/wards/shelley/beds/")
        assert client.get(f"/tasks/{letter.public_id}/").status_code == 404

    @pytest.mark.parametrize("action", ["claim", "start", "complete"])
    def test_is_done_by_the_old_ward(self, page: Client, letter: Task, action: str) -> None:
        act(page, letter, action)
        letter.refresh_from_db()
        assert letter.version == 2
        if action == "complete":
            act(page, letter, "reopen", version=2)
            letter.refresh_from_db()
            assert letter.status == "pending"

    def test_has_a_page_with_the_name_which_is_a_view_of_the_patient(
        self, page: Client, letter: Task, beatrice: Patient, tom: User
    ) -> None:
        for path in ("", "edit/"):
            text = text_of(page, f"/tasks/{letter.public_id}/{path}")
            assert "QUILL, Beatrice" in text
            assert "No longer on this ward." in text
            view = AuditEvent.objects.latest("sequence")
            assert (view.action, view.object_id) == ("patient.view", str(beatrice.pk))
            assert (view.ward, view.actor_id) == ("Byron", str(tom.pk))

    def test_is_called_off_when_the_patient_is_discharged(
        self, beatrice: Patient, letter: Task, shelley: Ward, sarah: User
    ) -> None:
        discharge = discharges.start(stay=stay_of(beatrice), by=person(sarah))
        for item in discharge.checks.all():
            discharges.check(item=item, by=person(sarah))
        manager = member_of(shelley, role=Role.WARD_ADMIN)
        discharges.confirm(discharge=discharge, by=person(manager))
        letter.refresh_from_db()
        assert letter.status == "cancelled"

    def test_stays_there_at_the_next_transfer(
        self, beatrice: Patient, letter: Task, byron: Ward
    ) -> None:
        transfer(beatrice, WardFactory.create(), Actor("A clerk", Source.JOB))
        letter.refresh_from_db()
        assert letter.ward == byron

    def test_what_was_closed_there_before_is_not_reopened(
        self, beatrice: Patient, shelley: Ward, sarah: User
    ) -> None:
        done = actions.complete(task=phone_call(beatrice), by=person(sarah))
        transfer(beatrice, shelley, person(sarah))
        with pytest.raises(TaskChanged):
            actions.reopen(task=done, by=person(sarah))


class TestThePage:
    @pytest.fixture
    def page(self, client: Client, sarah: User) -> Client:
        client.force_login(sarah)
        return client

    def send(self, client: Client, patient: Patient, **changes: Any) -> Any:
        sent = {"version": stay_of(patient).version, "to": "shelley/", **changes}
        return client.post(f"/patients/{patient.pk}/transfer/", sent)

    def shown(self, client: Client, patient: Patient) -> str:
        return text_of(client, f"/patients/{patient.pk}/transfer/")

    def test_asks_for_each_open_task_what_fits_it(
        self, page: Client, beatrice: Patient, shelley: Ward, sarah: User, tom: User
    ) -> None:
        phone_call(beatrice)
        actions.claim(task=tribunal(beatrice), by=person(tom))
        actions.claim(task=phone_call(beatrice, title="Mine"), by=person(sarah))
        actions.complete(task=phone_call(beatrice, title="Done"), by=person(sarah))
        text = self.shown(page, beatrice)
        assert "Phone his sister (phone call, due Tue 27 Jan, unclaimed)" in text
        assert "Tribunal (appointment, due Tue 27 Jan, Tom Baker has it)" in text
        assert "Done (" not in text
        for choice, number in (
            ("Moves with the patient</option>", 1),
            ("Moves with the patient, Tom Baker keeps it", 1),
            ("Moves with the patient, I keep it", 1),
            ("Moves with the patient, nobody has it", 2),
            ("Moves with the patient, I take it</option>", 1),
            ("Moves with the patient, I take it from Tom Baker", 1),
            ("Stays on Byron", 3),
        ):
            assert text.count(choice) == number, choice

    def test_offers_to_take_nothing_to_who_sees_no_other_ward(
        self, client: Client, beatrice: Patient, shelley: Ward, tom: User
    ) -> None:
        phone_call(beatrice)
        client.force_login(tom)
        assert "I take it" not in self.shown(client, beatrice)

    def test_asks_nothing_where_there_is_no_open_work(
        self, page: Client, beatrice: Patient, shelley: Ward
    ) -> None:
        assert "open work" not in self.shown(page, beatrice)
        assert self.send(page, beatrice).status_code == 302

    def test_does_what_was_chosen(
        self, page: Client, beatrice: Patient, byron: Ward, shelley: Ward, sarah: User
    ) -> None:
        stays, taken, moves_along, unsaid = (phone_call(beatrice) for _ in range(4))
        chosen = {
            field_name(stays): "stays",
            field_name(taken): "taken-",
            field_name(moves_along): "moves",
        }
        assert self.send(page, beatrice, **chosen).status_code == 302
        found = {task.pk: (task.ward, task.claimed_by) for task in Task.objects.all()}
        assert found == {
            stays.pk: (byron, None),
            taken.pk: (shelley, sarah),
            moves_along.pk: (shelley, None),
            unsaid.pk: (shelley, None),
        }

    def test_says_so_if_one_may_not_take_it_there(
        self, page: Client, beatrice: Patient, shelley: Ward
    ) -> None:
        task, keats = phone_call(beatrice), WardFactory.create(name="Keats")
        response = self.send(page, beatrice, to="keats/", **{field_name(task): "taken-"})
        assert response.status_code == 422
        text = response.content.decode()
        assert text.count("You have no access to Keats, so you cannot take this task.") == 2
        assert "I take it</option>" in text
        assert stay_of(beatrice).ward != keats

    def test_says_so_if_somebody_claimed_meanwhile_what_one_takes(
        self, page: Client, beatrice: Patient, shelley: Ward, tom: User
    ) -> None:
        task = actions.claim(task=phone_call(beatrice), by=person(tom))
        response = self.send(page, beatrice, **{field_name(task): "taken-"})
        assert response.status_code == 422
        assert "Somebody has changed this task meanwhile" in response.content.decode()

    def test_says_so_if_somebody_claimed_meanwhile_what_nobody_shall_have(
        self, page: Client, beatrice: Patient, shelley: Ward, sarah: User, tom: User
    ) -> None:
        task = actions.claim(task=phone_call(beatrice), by=person(tom))
        nobody = f"unassigned-{tom.pk}"
        assert f'value="{nobody}"' in self.shown(page, beatrice)
        actions.take_over(task=task, by=person(sarah))
        response = self.send(page, beatrice, **{field_name(task): nobody})
        assert response.status_code == 422
        assert "Somebody has changed this task meanwhile" in response.content.decode()
        task.refresh_from_db()
        assert task.claimed_by == sarah

    def test_keeps_what_was_chosen_if_something_else_is_wrong(
        self, page: Client, beatrice: Patient, shelley: Ward
    ) -> None:
        task = phone_call(beatrice)
        response = self.send(page, beatrice, to="", **{field_name(task): "stays"})
        assert response.status_code == 422
        assert '<option value="stays" selected>' in response.content.decode()

    def test_lets_new_and_closed_and_unknown_work_be(
        self, page: Client, beatrice: Patient, byron: Ward, shelley: Ward, sarah: User
    ) -> None:
        done = actions.complete(task=phone_call(beatrice), by=person(sarah))
        new, others = phone_call(beatrice), phone_call(patient_on(byron))
        names = [field_name(done), field_name(others), "task_999999999999999999999", "task_x"]
        assert self.send(page, beatrice, **dict.fromkeys(names, "stays")).status_code == 302
        wards = {task.pk: task.ward for task in Task.objects.all()}
        assert wards == {done.pk: byron, new.pk: shelley, others.pk: byron}

    @pytest.mark.parametrize("fate", ["explodes", "taken-999", "\x00"])
    def test_refuses_a_fate_that_there_is_not(
        self, page: Client, beatrice: Patient, shelley: Ward, fate: str
    ) -> None:
        task = phone_call(beatrice)
        assert self.send(page, beatrice, **{field_name(task): fate}).status_code == 422
        task.refresh_from_db()
        assert task.version == 1

    @pytest.mark.parametrize("number", [0, 1, 12])
    def test_takes_the_same_number_of_queries_whatever_the_tasks(
        self,
        page: Client,
        beatrice: Patient,
        shelley: Ward,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(number):
            phone_call(beatrice)
        self.shown(page, beatrice)
        with django_assert_num_queries(14):
            self.shown(page, beatrice)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fate", Fate)
def test_work_that_is_done_during_the_transfer_is_done_once_and_stands_where_it_was_done(
    byron: Ward, shelley: Ward, sarah: User, fate: Fate
) -> None:
    patient = patient_on(byron)
    tasks = [phone_call(patient) for _ in range(4)]
    chosen = {field_name(task): fate for task in tasks}
    calls: list[Callable[[], object]] = [
        partial(actions.complete, task=Task.objects.get(pk=task.pk), by=person(sarah))
        for task in tasks
    ]
    stay = stay_of(patient)
    calls.append(partial(moves.transfer, stay=stay, to=shelley, by=person(sarah), choices=chosen))
    *done, moved = at_once(*calls)
    assert isinstance(moved, Stay)
    for result, task in zip(done, Task.objects.order_by("pk"), strict=True):
        is_done = isinstance(result, Task)
        assert is_done or isinstance(result, TaskChanged)
        assert task.status == ("completed" if is_done else "pending")
        on_byron = is_done or fate is Fate.STAYS
        assert task.ward == (byron if on_byron else shelley)
        assert task.events.filter(action=Action.COMPLETE).count() == is_done


def test_the_patient_of_another_ward_is_not_transferred(
    client: Client, sarah: User, shelley: Ward
) -> None:
    client.force_login(sarah)
    patient = patient_on(WardFactory.create())
    assert client.get(f"/patients/{patient.pk}/transfer/").status_code == 404
