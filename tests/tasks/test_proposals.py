"""Repeating work that somebody proposes: nothing of it is in the diary before it is approved."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from tasks import proposals
from tasks.jobs import generate_coming_days
from tasks.models import Shift, Task, TaskTemplate
from tasks.proposals import ProposalOver, ProposalSettled
from tasks.shifts import local
from tasks.week import read_week
from tests.factories import TODAY, TemplateFactory, WardFactory, member_of, senior_admin
from tests.threads import at_once
from wards.actors import Actor, Source, person
from wards.models import Role, User, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(local(TODAY, time(10)), tick=False):
        yield


@pytest.fixture
def ward() -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def nurse(ward: Ward) -> User:
    return member_of(ward, name="Sarah Johnson")


@pytest.fixture
def manager(ward: Ward) -> Actor:
    return person(member_of(ward, role=Role.WARD_ADMIN, name="Amina Yusuf"), Source.ADMIN)


@pytest.fixture
def proposal(ward: Ward, nurse: User) -> TaskTemplate:
    return proposals.propose(template=TemplateFactory.build(ward=ward), by=person(nurse))


def as_seen(template: TaskTemplate) -> TaskTemplate:
    """Return the proposal as another page shows it."""
    return TaskTemplate.objects.select_related("ward").get(pk=template.pk)


def later() -> "time_machine.travel":
    return time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False)


class TestAdding:
    @pytest.mark.parametrize(
        ("role", "waits"),
        [(Role.NORMAL_USER, True), (Role.CONTRIBUTOR, True), (Role.WARD_ADMIN, False)],
    )
    def test_takes_approval_unless_one_runs_the_ward(
        self, ward: Ward, role: Role, *, waits: bool
    ) -> None:
        by = person(member_of(ward, role=role))
        template = proposals.add(template=TemplateFactory.build(ward=ward), by=by)
        assert template.is_waiting == waits
        assert Task.objects.exists() != waits

    def test_by_who_runs_another_ward_takes_approval(self, ward: Ward) -> None:
        user = member_of(ward)
        user.memberships.create(ward=WardFactory.create(), role=Role.WARD_ADMIN)
        template = proposals.add(template=TemplateFactory.build(ward=ward), by=person(user))
        assert template.is_waiting

    def test_by_a_senior_admin_is_in_force(self, ward: Ward) -> None:
        by = person(senior_admin())
        assert proposals.add(template=TemplateFactory.build(ward=ward), by=by).is_in_force


class TestAProposal:
    def test_makes_no_tasks_and_stands_in_no_week(self, proposal: TaskTemplate) -> None:
        generate_coming_days()
        assert not Task.objects.exists()
        week = read_week(ward=proposal.ward, now=timezone.now())
        assert not any(any(day.shifts) for day in week)

    def test_makes_tasks_from_the_next_shift_on_once_it_is_approved(
        self, proposal: TaskTemplate, manager: Actor
    ) -> None:
        with time_machine.travel(local(TODAY + timedelta(2), time(15)), tick=False):
            proposals.approve(template=as_seen(proposal), by=manager)
            generate_coming_days()
            days = list(Task.objects.order_by("due_on").values_list("due_on", flat=True))
        first = TODAY + timedelta(3)  # at 15:00 the early shift is over
        assert days == [first + timedelta(number) for number in range(7)]
        stored = TaskTemplate.objects.get()
        assert (stored.is_in_force, stored.approved_by) == (True, manager.user)

    def test_whose_last_day_is_over_is_not_approved(
        self, ward: Ward, nurse: User, manager: Actor
    ) -> None:
        brief = TemplateFactory.build(ward=ward, active_until=TODAY)
        proposal = proposals.propose(template=brief, by=person(nurse))
        with (
            time_machine.travel(local(TODAY, time(15)), tick=False),  # the early shift is over
            pytest.raises(ProposalOver),
        ):
            proposals.approve(template=as_seen(proposal), by=manager)
        assert as_seen(proposal).is_waiting
        assert not AuditEvent.objects.filter(action="template.approve").exists()

    def test_makes_none_when_it_is_declined(self, proposal: TaskTemplate, manager: Actor) -> None:
        proposals.decline(template=as_seen(proposal), by=manager, reason="The day team does it")
        generate_coming_days()
        stored = TaskTemplate.objects.get()
        assert (stored.is_waiting, stored.is_in_force) == (False, False)
        assert (stored.declined_by, stored.declined_reason) == (
            manager.user,
            "The day team does it",
        )
        assert not Task.objects.exists()

    def test_is_changed_and_withdrawn_while_it_waits(
        self, proposal: TaskTemplate, nurse: User
    ) -> None:
        with later():
            changed = proposals.revise(
                template=as_seen(proposal), by=person(nurse), title="Long huddle", weekdays=[1]
            )
        assert (changed.title, changed.weekdays, changed.is_waiting) == ("Long huddle", [1], True)
        proposals.withdraw(template=changed, by=person(nurse))
        assert not TaskTemplate.objects.exists()

    @pytest.mark.parametrize("name", ["ward", "approved_at", "audit_type", "in_force_from"])
    def test_is_never_changed_in_what_is_not_its_makers(
        self, proposal: TaskTemplate, nurse: User, name: str
    ) -> None:
        new: dict[str, Any] = {name: None}
        with pytest.raises(TypeError, match=name):
            proposals.revise(template=proposal, by=person(nurse), **new)

    def test_is_in_the_audit_log_from_beginning_to_end(
        self, proposal: TaskTemplate, nurse: User, manager: Actor
    ) -> None:
        number, ward = str(proposal.pk), proposal.ward
        changed = proposals.revise(template=proposal, by=person(nurse), title="Long huddle")
        proposals.approve(template=changed, by=manager)
        other = proposals.propose(template=TemplateFactory.build(ward=ward), by=person(nurse))
        proposals.decline(template=other, by=manager, reason="No")
        third = proposals.propose(template=TemplateFactory.build(ward=ward), by=person(nurse))
        proposals.withdraw(template=third, by=person(nurse))
        events = AuditEvent.objects.filter(object_type="template").order_by("sequence")
        sarah, amina = "Sarah Johnson", "Amina Yusuf"
        assert [(event.action, event.actor_name) for event in events] == [
            ("template.propose", sarah),
            ("template.revise", sarah),
            ("template.approve", amina),
            ("template.propose", sarah),
            ("template.decline", amina),
            ("template.propose", sarah),
            ("template.withdraw", sarah),
        ]
        assert {event.ward for event in events} == {"Byron"}
        assert [event.object_id for event in events][:3] == [number] * 3


def settle(name: str, template: TaskTemplate, by: Actor) -> object:
    """Do what `name` says to a proposal."""
    doing: dict[str, Callable[[], object]] = {
        "approve": partial(proposals.approve, template=template, by=by),
        "decline": partial(proposals.decline, template=template, by=by, reason="No"),
        "withdraw": partial(proposals.withdraw, template=template, by=by),
        "revise": partial(proposals.revise, template=template, by=by, title="Long huddle"),
    }
    return doing[name]()


class TestAnOldPage:
    @pytest.mark.parametrize("first", ["approve", "decline", "withdraw", "revise"])
    @pytest.mark.parametrize("second", ["approve", "decline", "withdraw", "revise"])
    def test_changes_nothing(
        self, proposal: TaskTemplate, manager: Actor, first: str, second: str
    ) -> None:
        page = as_seen(proposal)
        with later():
            settle(first, as_seen(proposal), manager)
            before = list(TaskTemplate.objects.values())
            with pytest.raises(ProposalSettled) as conflict:
                settle(second, page, manager)
        assert list(TaskTemplate.objects.values()) == before
        assert (conflict.value.current is None) == (first == "withdraw")

    def test_decides_on_no_template_that_nobody_proposed(self, ward: Ward, manager: Actor) -> None:
        template = TemplateFactory.create(ward=ward)
        for name in ("approve", "decline", "withdraw", "revise"):
            with pytest.raises(ProposalSettled):
                settle(name, template, manager)


NOW = local(TODAY, time(10))


@pytest.mark.parametrize(
    "facts",
    [
        {"proposed_at": None},
        {"proposed_by": None},
        {"approved_at": NOW},
        {"approved_by": "somebody"},
        {"declined_at": NOW, "declined_by": "somebody"},
        {"declined_at": NOW, "declined_reason": "No"},
        {"declined_reason": "No"},
        {"proposed_at": None, "proposed_by": None, "approved_at": NOW, "approved_by": "somebody"},
        {
            "approved_at": NOW,
            "approved_by": "somebody",
            "declined_at": NOW,
            "declined_by": "somebody",
            "declined_reason": "No",
        },
    ],
)
def test_the_database_holds_who_and_when_together(
    proposal: TaskTemplate, nurse: User, facts: dict[str, Any]
) -> None:
    new = {name: nurse if value == "somebody" else value for name, value in facts.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskTemplate.objects.filter(pk=proposal.pk).update(**new)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("approve", "approve"),
        ("approve", "decline"),
        ("approve", "withdraw"),
        ("approve", "revise"),
    ],
)
def test_of_two_who_settle_it_at_once_one_wins_and_the_other_is_told(
    proposal: TaskTemplate, manager: Actor, one: str, other: str
) -> None:
    second = person(member_of(proposal.ward, role=Role.WARD_ADMIN))
    with time_machine.travel(NOW + timedelta(minutes=5), tick=True):
        results = at_once(
            partial(settle, "approve", as_seen(proposal), manager),
            partial(settle, other, as_seen(proposal), second),
        )
    lost = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in lost] == [ProposalSettled]
    approved = TaskTemplate.objects.filter(approved_at__isnull=False).exists()
    assert Task.objects.count() == (8 if approved else 0)


@pytest.mark.django_db(transaction=True)
def test_an_approval_during_the_nightly_run_makes_each_task_once(
    proposal: TaskTemplate, manager: Actor
) -> None:
    TemplateFactory.create(ward=proposal.ward, title="Walkaround", shift=Shift.LATE)
    approval = partial(proposals.approve, template=as_seen(proposal), by=manager)
    results = at_once(approval, generate_coming_days, generate_coming_days)
    assert not [result for result in results if isinstance(result, Exception)]
    assert Task.objects.filter(template=proposal).count() == 8
    assert Task.objects.filter(title="Walkaround").count() == 9
    assert Task.objects.earliest("due_on").due_on == date(2026, 1, 26)
