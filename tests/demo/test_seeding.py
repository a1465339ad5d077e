"""The demo's data, as the first start makes them."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from assurance.models import Outcome, SyncEvent
from audit.chain import faults
from audit.models import AuditEvent
from demo.people import EVERYBODY, PEOPLE
from demo.wards import BYRON, DICKINSON, SHELLEY
from tasks import shifts
from tasks.models import Kind, Priority, Shift, Status, Task, TaskEvent
from tasks.schedule import DAYS_AHEAD
from wards.access import wards_visible_to
from wards.actors import Source
from wards.models import Membership, User, Ward

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("lived")
class TestWhatLasts:
    def test_wards_and_their_shift_times(self) -> None:
        assert Ward.objects.count() == 5
        assert Ward.objects.get(name=DICKINSON).early_start.isoformat() == "07:30:00"

    def test_sarah_is_the_person_of_the_integration_guide(self) -> None:
        sarah = User.objects.get(staff_id="NHS123456")
        assert (sarah.name, sarah.email) == ("Sarah Johnson", "sarah.johnson@nhs.net")
        assert {ward.name for ward in wards_visible_to(sarah)} == {BYRON, SHELLEY}

    def test_everybody_else_has_an_address_that_cannot_exist(self) -> None:
        others = User.objects.exclude(staff_id="NHS123456")
        assert others.count() == len(EVERYBODY) - 1 > len(PEOPLE)
        assert all(user.email.endswith("@example.nhs.uk") for user in others)

    def test_nobody_has_a_password(self) -> None:
        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_somebody_covers_for_a_few_days(self, lived: datetime) -> None:
        ends = Membership.objects.exclude(expires_at=None).values_list("expires_at", flat=True)
        assert [end for end in ends if end and lived < end < lived + timedelta(days=7)]

    def test_a_day_of_a_ward_has_a_real_ward_s_work(self, lived: datetime) -> None:
        for offset in range(7):
            day = shifts.local_date(lived) + timedelta(days=offset)
            tasks = Task.objects.of_kind(Kind.WARD).filter(ward__name=BYRON, due_on=day)
            assert 12 <= tasks.filter(audit_type="").count() <= 17
            assert 8 <= tasks.exclude(audit_type="").count() <= 9
            assert tasks.filter(priority=Priority.URGENT).count() <= 1
            assert not tasks.exclude(audit_type="").filter(guide=None).exists()

    def test_the_week_ahead_is_untouched(self, lived: datetime) -> None:
        ahead = Task.objects.of_kind(Kind.WARD).filter(due_on__gt=shifts.local_date(lived))
        assert ahead.dates("due_on", "day").count() == DAYS_AHEAD
        assert ahead.untouched().count() == ahead.count()


@pytest.mark.usefixtures("lived")
class TestDaysThatHaveBeenLived:
    def test_everything_happened_in_order_and_before_now(self, lived: datetime) -> None:
        for task in (
            Task.objects.of_kind(Kind.WARD).prefetch_related("events").select_related("ward")
        ):
            events = [event.at for event in task.events.all()]
            assert events == sorted(events)
            assert events[-1] <= lived
            if task.completed_at:
                window = shifts.window(task.ward, task.due_on, Shift(task.shift))
                assert window.start < task.completed_at < window.end + timedelta(hours=3)

    def test_nobody_works_two_shifts_of_a_day(self) -> None:
        done = Task.objects.filter(status=Status.COMPLETED, carry_over=False)
        worked = set(done.values_list("completed_by_name", "due_on", "shift"))
        assert max(Counter((name, day) for name, day, _ in worked).values()) == 1

    def test_the_work_is_done_by_people_of_the_ward(self) -> None:
        of_the_ward = set(Membership.objects.exclude(ward=None).values_list("user", "ward"))
        did = TaskEvent.objects.exclude(by=None).values_list("by", "task__ward")
        assert set(did) <= of_the_ward

    def test_the_dashboard_completed_most_audits(self) -> None:
        audits = Task.objects.filter(status=Status.COMPLETED).exclude(audit_type="")
        synced = audits.filter(sync_events__outcome=Outcome.COMPLETED)
        assert 0.75 < synced.count() / audits.count() < 1
        for event in SyncEvent.objects.select_related("task"):
            assert event.task
            assert event.completed_at == event.task.completed_at
            assert event.task.events.filter(action="complete", source=Source.SYNC).exists()

    def test_one_fridge_was_too_warm_and_somebody_acted(self) -> None:
        event = SyncEvent.objects.get(needs_follow_up=True)
        assert event.out_of_range
        assert event.followed_up_at
        act = Task.objects.get(follow_up_of=event.task)
        assert (act.priority, act.status) == (Priority.URGENT, Status.COMPLETED)

    def test_the_audit_log_is_whole(self) -> None:
        assert list(faults()) == []
        assert AuditEvent.objects.filter(action="demo.seed").count() == 1
