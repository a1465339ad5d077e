"""Silences are told once a day, and each morning's reconciliation once."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import resolve
from django.utils import timezone
from pytest_django import Settings

from assurance.alert_delivery import deliver
from assurance.jobs import reconcile_yesterday, tell_of_silence
from assurance.models import Outcome, SyncAlert
from assurance.watch_alerts import report_yesterday, tell_of_silences
from tests.assurance.events import done, event_of, synced
from tests.assurance.posting import Byron
from tests.factories import AuditTaskFactory, WardFactory, member_of
from wards.models import Role, Ward

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 1, 27, 20, tzinfo=UTC)
DAY = timedelta(days=1)
HALF_PAST_EIGHT = datetime(2026, 1, 28, 8, 30, tzinfo=UTC)


def wards_told() -> list[str | None]:
    rows = SyncAlert.objects.order_by("pk").select_related("ward")
    return [alert.ward.name if alert.ward else None for alert in rows]


class TestSilence:
    @pytest.fixture(autouse=True)
    def _audits_are_due(self, byron: Byron) -> None:
        for back in range(3):
            AuditTaskFactory.create(ward=byron.ward, due_on=EVENING.date() + back * DAY)

    def test_the_ward_and_the_senior_admins_are_told(self, byron: Byron) -> None:
        tell_of_silences(now=EVENING)
        assert wards_told() == ["Byron", None]
        assert SyncAlert.objects.earliest("pk").lines == [
            "Byron: nothing was ever received, and 1 audit that was due never came."
        ]

    def test_one_silence_is_told_once_a_day(self, byron: Byron) -> None:
        for hours, expected in ((0, 2), (3, 2), (21, 2), (24, 4)):
            now = EVENING + timedelta(hours=hours)
            with time_machine.travel(now, tick=False):
                tell_of_silences(now=now)
            assert SyncAlert.objects.count() == expected, f"after {hours} hours"

    def test_another_silence_is_told_anew(self, byron: Byron) -> None:
        tell_of_silences(now=EVENING)
        SyncAlert.objects.update(at=EVENING)
        heard = EVENING + timedelta(hours=2)
        event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK, received_at=heard)
        tell_of_silences(now=EVENING + timedelta(hours=20))
        assert wards_told() == ["Byron", None, "Byron"]

    def test_nobody_is_told_where_audits_arrive(self, byron: Byron) -> None:
        event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK, received_at=EVENING)
        assert tell_of_silences(now=EVENING) == []


class TestTheMorning:
    @pytest.fixture
    def manager(self, byron: Byron) -> None:
        member_of(byron.ward, role=Role.WARD_ADMIN, email="manager@example.nhs.uk")

    def test_the_ward_manager_gets_the_report_by_mail(self, byron: Byron, manager: None) -> None:
        synced(byron.ward, byron.sarah, byron.client)
        done(byron.ward, byron.sarah)
        AuditTaskFactory.create(ward=byron.ward, shift="night", audit_type="ligature_check")
        event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK)
        [alert] = report_yesterday(now=HALF_PAST_EIGHT)
        deliver(timezone.now())
        [message] = mail.outbox
        assert message.to == ["manager@example.nhs.uk"]
        assert message.body.splitlines()[:4] == [
            "Tue 27 Jan, audits due: 3. By sync: 1. By hand, and on the dashboard: 0. "
            "By hand only: 1. Missed: 1. Cancelled: 0.",
            "Completed by hand, never seen on the dashboard: Fridge temperature (early).",
            "Missed: Ligature points (night).",
            "Received, but without a task: 1.",
        ]
        assert "Sarah" not in message.body
        assert resolve(alert.path.partition("?")[0]).url_name == "assurance_reconciliation"
        assert alert.seen_at is None

    def test_what_is_clean_is_mailed_but_asks_nobody_to_look(
        self, byron: Byron, manager: None
    ) -> None:
        synced(byron.ward, byron.sarah, byron.client)
        [alert] = report_yesterday(now=HALF_PAST_EIGHT)
        assert alert.seen_at == HALF_PAST_EIGHT
        deliver(timezone.now())
        assert "There is nothing to look at." in mail.outbox[0].body

    def test_each_ward_is_told_once_whenever_the_job_runs(self, byron: Byron) -> None:
        AuditTaskFactory.create(ward=byron.ward)
        for hours in range(5):
            report_yesterday(now=HALF_PAST_EIGHT + timedelta(hours=hours))
        assert wards_told() == ["Byron"]
        report_yesterday(now=HALF_PAST_EIGHT + DAY)
        assert wards_told() == ["Byron"], "nothing was due"

    def test_a_ward_is_told_an_hour_after_its_night_shift(self, byron: Byron) -> None:
        Ward.objects.update(night_end=time(8))
        AuditTaskFactory.create(ward=byron.ward)
        assert report_yesterday(now=HALF_PAST_EIGHT) == []
        assert len(report_yesterday(now=HALF_PAST_EIGHT + timedelta(minutes=30))) == 1

    def test_a_ward_without_audits_has_no_report(self, byron: Byron) -> None:
        WardFactory.create()
        assert report_yesterday(now=HALF_PAST_EIGHT) == []

    def test_the_jobs_do_nothing_in_other_tiers(self, byron: Byron, settings: Settings) -> None:
        AuditTaskFactory.create(ward=byron.ward, due_on=timezone.localdate() - DAY)
        settings.HUB_TIER = "max"
        tell_of_silence()
        reconcile_yesterday()
        assert wards_told() == []
