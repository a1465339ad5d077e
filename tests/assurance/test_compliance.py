"""How a ward kept up its audits: calendar, percentages, months, files."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pytest_django import Settings

from assurance.compliance import Tally, ward_months, ward_report
from assurance.expected import Fate, expected_audits
from audit.models import AuditEvent
from tasks.models import AuditType
from tests.assurance.events import MORNING, done, synced
from tests.assurance.posting import Byron
from tests.factories import TODAY, AuditTaskFactory, WardFactory, member_of, senior_admin
from wards.models import Role, Ward

pytestmark = pytest.mark.django_db

JANUARY = date(2026, 1, 1)
MONTH_END = datetime(2026, 1, 31, 12, tzinfo=UTC)
PAGE = "/admin/assurance/syncevent/compliance/"
EXPORT = f"{PAGE}export/"
LATE = datetime(2026, 1, 27, 20, tzinfo=UTC)


@pytest.fixture
def _at_the_end_of_the_month() -> Any:
    with time_machine.travel(MONTH_END):
        yield


@pytest.fixture
def manager(byron: Byron, _at_the_end_of_the_month: None) -> Client:
    page = Client()
    page.force_login(member_of(byron.ward, role=Role.WARD_ADMIN, name="Amina Yusuf"))
    return page


def one_of_each(byron: Byron) -> None:
    synced(byron.ward, byron.sarah, byron.client, values={"inRange": False})
    done(byron.ward, byron.sarah)
    done(byron.ward, byron.sarah, at=LATE)
    AuditTaskFactory.create(ward=byron.ward)
    AuditTaskFactory.create(ward=byron.ward, status="cancelled", cancelled_reason="=No fridge")
    AuditTaskFactory.create(ward=byron.ward, due_on=date(2026, 1, 31), shift="night")


def test_a_month_is_counted_by_what_became_of_the_audits(byron: Byron) -> None:
    one_of_each(byron)
    [month] = ward_months([byron.ward], JANUARY, MONTH_END)
    [line] = month.types
    assert line.name == "Fridge temperature"
    expected = Tally(in_time=2, late=1, missed=1, cancelled=1, to_do=1, out_of_range=1)
    assert line.tally == month.total == expected
    assert (expected.due, expected.percent) == (5, 40)
    assert [audit.fate for audit in month.to_explain if not audit.is_out_of_range] == [
        Fate.LATE,
        Fate.MISSED,
        Fate.CANCELLED,
    ]


@pytest.mark.parametrize(
    ("in_time", "missed", "percent"), [(999, 1, 99), (1, 0, 100), (0, 0, None), (0, 3, 0)]
)
def test_only_all_of_them_make_a_hundred_percent(
    in_time: int, missed: int, percent: int | None
) -> None:
    tally = Tally(in_time=in_time, late=0, missed=missed, cancelled=0, to_do=0, out_of_range=0)
    assert tally.percent == percent


def test_the_calendar_has_each_day_of_the_month_in_its_week(byron: Byron) -> None:
    done(byron.ward, byron.sarah)
    [calendar] = ward_report(byron.ward, JANUARY, MONTH_END).calendars
    days = [day for week in calendar.weeks for day in week if day]
    assert [day.day.day for day in days] == list(range(1, 32))
    assert calendar.weeks[0][:3] == [None] * 3  # the first of January is a Thursday
    [with_audits] = [day for day in days if day.audits]
    assert (with_audits.day, with_audits.day.weekday()) == (TODAY, 1)
    assert next(day.day for day in calendar.weeks[-1] if day) == date(2026, 1, 26)


def test_the_trend_has_twelve_months(byron: Byron) -> None:
    done(byron.ward, byron.sarah)
    at = datetime(2025, 12, 5, 9, tzinfo=UTC)
    done(byron.ward, byron.sarah, at=at, due_on=at.date())
    AuditTaskFactory.create(ward=byron.ward, due_on=date(2025, 12, 6))
    AuditTaskFactory.create(ward=byron.ward, due_on=date(2025, 1, 31))
    report = ward_report(byron.ward, JANUARY, MONTH_END)
    assert [line.name for line in report.months][:1] == ["Feb 2025"]
    assert [(line.name, line.tally.percent) for line in report.months[-2:]] == [
        ("Dec 2025", 50),
        ("Jan 2026", 100),
    ]
    assert sum(line.tally.due for line in report.months) == 3
    assert report.chart.bars[-2].counts == (1, 0, 1, 0)


class TestThePage:
    def test_a_wards_page_tells_the_reason_and_leads_to_the_evidence(
        self, byron: Byron, manager: Client
    ) -> None:
        one_of_each(byron)
        page = manager.get(f"{PAGE}?ward=byron").content.decode()
        assert "Byron, January 2026" in page
        assert ": cancelled: =No fridge" in page
        assert "Early shift: in time, out of range" in page
        [late] = [
            audit
            for audit in expected_audits([byron.ward], first=TODAY, last=TODAY, now=MONTH_END)
            if audit.fate == Fate.LATE
        ]
        assert f"/admin/assurance/syncevent/evidence/{late.task.pk}/" in page
        looked = AuditEvent.objects.get(action="compliance.view")
        assert looked.detail == {"month": "2026-01", "wards": ["Byron"]}

    def test_all_wards_are_told_at_a_glance(self, byron: Byron, manager: Client) -> None:
        one_of_each(byron)
        keats = WardFactory.create(name="Keats")
        AuditTaskFactory.create(ward=keats)
        page = manager.get(PAGE)
        assert [one.ward for one in page.context["wards"]] == [byron.ward]
        assert "40&nbsp;%" in page.content.decode()

    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ("month=2026-02", "Choose a month from the list."),
            ("month=2020-01", "Choose a month from the list."),
            ("month=", "Choose a month."),
            ("ward=keats", "Choose one of your wards."),
        ],
    )
    def test_what_cannot_be_answered_is_told(
        self, manager: Client, question: str, sentence: str
    ) -> None:
        WardFactory.create(name="Keats")
        assert sentence in manager.get(f"{PAGE}?{question}").content.decode()
        assert manager.get(f"{EXPORT}?kind=csv&{question}").status_code == 400

    @pytest.mark.parametrize("question", ["", "?ward=keats"])
    @pytest.mark.usefixtures("_at_the_end_of_the_month")
    def test_the_number_of_queries_does_not_grow(self, byron: Byron, question: str) -> None:
        senior = Client()
        senior.force_login(senior_admin())
        keats = WardFactory.create(name="Keats")

        def fill(ward: Ward) -> None:
            for audit_type in AuditType:
                synced(ward, byron.sarah, byron.client, audit_type=audit_type)
                AuditTaskFactory.create(ward=ward, audit_type=audit_type)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert senior.get(f"{PAGE}{question}").status_code == 200
            return len(captured)

        fill(keats)
        before = queries()
        fill(keats)
        fill(WardFactory.create(name="Wordsworth"))
        assert queries() == before

    def test_it_exists_in_max_plus_only(self, manager: Client, settings: Settings) -> None:
        settings.HUB_TIER = "max"
        assert manager.get(PAGE).status_code == manager.get(EXPORT).status_code == 404


class TestTheFile:
    @pytest.fixture(autouse=True)
    def _audits(self, byron: Byron) -> None:
        one_of_each(byron)
        done(WardFactory.create(name="Keats"), byron.sarah)

    def test_csv_has_every_audit_of_the_month_and_no_formula(
        self, byron: Byron, manager: Client
    ) -> None:
        answer = manager.get(f"{EXPORT}?month=2026-01&kind=csv")
        assert answer["Content-Disposition"] == 'attachment; filename="audits-2026-01.csv"'
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row["Outcome"] for row in rows] == [
            *("Done in time", "Done in time", "Done late", "Missed", "Cancelled", "To do")
        ]
        assert {row["Ward"] for row in rows} == {"Byron"}
        assert rows[0]["Out of range"] == "Out of range"
        assert rows[0]["How"] == "By sync"
        assert rows[0]["Completed"] == f"{MORNING:%d/%m/%Y %H:%M}"
        assert rows[4]["Reason"] == "'=No fridge"
        exported = AuditEvent.objects.get(action="compliance.export")
        assert exported.detail == {"month": "2026-01", "wards": ["Byron"], "kind": "csv"}

    def test_xlsx_has_the_same(self, manager: Client) -> None:
        answer = manager.get(f"{EXPORT}?month=2026-01&ward=byron&kind=xlsx")
        assert 'filename="audits-byron-2026-01.xlsx"' in answer["Content-Disposition"]
        rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
        assert len(rows) == 7
        assert rows[0][:2] == ("Ward", "Date")

    def test_pdf_is_one(self, manager: Client) -> None:
        answer = manager.get(f"{EXPORT}?month=2026-01&ward=byron&kind=pdf")
        assert 'filename="audits-byron-2026-01.pdf"' in answer["Content-Disposition"]
        assert answer.content.startswith(b"%PDF")

    @pytest.mark.parametrize("question", ["kind=html", "", "kind=csv&ward=keats"])
    def test_nothing_else_is_a_file(self, manager: Client, question: str) -> None:
        assert manager.get(f"{EXPORT}?month=2026-01&{question}").status_code == 400
