"""What a person finds in the diary."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tasks import actions
from tasks.models import AuditType, Shift, Status
from tests.factories import (
    TODAY,
    AuditTaskFactory,
    GuideFactory,
    TaskFactory,
    UserFactory,
    WardFactory,
    member_of,
)
from tests.tasks.diary import HTMX, TEN, act, text_of
from wards.actors import person
from wards.models import Ward

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]


class TestFindingTheDiary:
    def test_a_stranger_is_sent_to_sign_in(self, client: Client, byron: Ward) -> None:
        response = client.get("/wards/byron/diary/")
        assert response.status_code == 302
        assert response["Location"] == "/account/sign-in/?next=/wards/byron/diary/"

    def test_an_open_page_whose_session_ended_leaves_for_sign_in(
        self, client: Client, byron: Ward
    ) -> None:
        response = client.get("/wards/byron/diary/board/", headers=HTMX)
        assert response["HX-Redirect"].startswith("/account/sign-in/")

    def test_a_click_whose_session_ended_leads_after_the_sign_in_to_the_task(
        self, client: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron)
        sign_in = act(client, task, "complete")["Location"]
        address = f"/tasks/{task.public_id}/act/"
        assert sign_in == f"/account/sign-in/?next={address}"

        client.force_login(member_of(byron))
        assert client.get(address)["Location"] == f"/tasks/{task.public_id}/"
        task.refresh_from_db()
        assert task.status == Status.PENDING

    def test_the_front_page_leads_to_the_ward_looked_at_last(
        self, client: Client, byron: Ward
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        client.force_login(member_of(byron, shelley))
        assert client.get("/")["Location"] == "/wards/byron/diary/"
        client.get("/wards/shelley/diary/")
        assert client.get("/")["Location"] == "/wards/shelley/diary/"

    def test_a_person_without_a_ward_is_told_whom_to_ask(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        assert "Ask the ward manager" in text_of(client, "/")

    def test_another_ward_does_not_exist(self, page: Client) -> None:
        WardFactory.create(name="Shelley")
        assert page.get("/wards/shelley/diary/").status_code == 404
        assert page.get("/wards/shelley/diary/board/?day=2026-01-27").status_code == 404

    @pytest.mark.parametrize("day", ["2026-02-30", "1999-12-31", "9999-12-31", "0001-01-01"])
    def test_an_impossible_day_is_no_page(self, page: Client, day: str) -> None:
        assert page.get(f"/wards/byron/diary/{day}/").status_code == 404


class TestTheDay:
    @pytest.mark.parametrize(
        ("now", "title", "order"),
        [
            ("2026-01-27 10:00", "Tuesday 27 January 2026", ["Early", "Late", "Night"]),
            ("2026-01-27 14:15", "Tuesday 27 January 2026", ["Late", "Night", "Early"]),
            ("2026-01-27 22:00", "Tuesday 27 January 2026", ["Night", "Early", "Late"]),
            ("2026-01-28 02:00", "Tuesday 27 January 2026", ["Night", "Early", "Late"]),
            ("2026-01-28 07:10", "Wednesday 28 January 2026", ["Early", "Late", "Night"]),
        ],
    )
    def test_the_shift_on_duty_comes_first(
        self, page: Client, now: str, title: str, order: list[str]
    ) -> None:
        with time_machine.travel(datetime.fromisoformat(f"{now}+00:00"), tick=False):
            text = text_of(page)
        assert title in text
        places = [text.index(f'id="shift-{shift.lower()}"') for shift in order]
        assert places == sorted(places)
        assert ">Now<" in text[: places[1]]

    def test_the_shift_that_hands_over_says_so(self, page: Client) -> None:
        with time_machine.travel(datetime(2026, 1, 27, 14, 15, tzinfo=UTC), tick=False):
            assert "Handing over" in text_of(page)

    def test_another_day_has_no_current_shift_and_leads_back_to_today(self, page: Client) -> None:
        text = text_of(page, "/wards/byron/diary/2026-01-20/")
        assert ">Now<" not in text
        assert ">Today</a>" in text

    def test_urgent_work_stands_before_routine_work(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron, title="A routine round", priority=1)
        TaskFactory.create(ward=byron, title="The urgent round", priority=3)
        text = text_of(page)
        assert text.index("The urgent round") < text.index("A routine round")

    def test_an_audit_links_its_guide_and_the_dashboard(self, page: Client, byron: Ward) -> None:
        guide = GuideFactory.create(slug="fridge-temps", title="Check the fridge")
        AuditTaskFactory.create(ward=byron, guide=guide)
        text = text_of(page)
        assert 'href="/guides/fridge-temps/"' in text
        assert "assurance-dashboard?audit=fridge_temps&amp;ward=Byron" in text

    def test_titles_are_shown_as_written(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron, title="<b>Keys</b> & alarms")
        assert "&lt;b&gt;Keys&lt;/b&gt; &amp; alarms" in text_of(page)


class TestWorkThatWasNotDone:
    def test_it_is_overdue_when_its_shift_has_ended(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron)
        assert "Overdue" not in text_of(page)
        with time_machine.travel(datetime(2026, 1, 27, 14, 30, tzinfo=UTC), tick=False):
            assert "due by 14:30" in text_of(page)

    @pytest.mark.parametrize(
        ("now", "column"),
        [
            ("2026-01-27 14:15", "early"),  # its shift is still handing over
            ("2026-01-27 14:30", "late"),
            ("2026-01-27 21:45", "night"),
            ("2026-01-28 10:00", "early"),  # the next day
        ],
    )
    def test_with_carry_over_it_stands_in_the_shift_on_duty(
        self, page: Client, byron: Ward, now: str, column: str
    ) -> None:
        TaskFactory.create(ward=byron, title="Clean the clinic", carry_over=True)
        with time_machine.travel(datetime.fromisoformat(f"{now}+00:00"), tick=False):
            text = text_of(page)
        assert text.count(">Clean the clinic</a>") == 1
        section = text[text.index(f'id="shift-{column}"') :].split("</section>")[0]
        assert "Clean the clinic" in section

    @pytest.mark.parametrize("carry_over", [True, False])
    def test_of_last_night_it_stands_once_in_the_morning_while_the_night_hands_over(
        self, page: Client, byron: Ward, *, carry_over: bool
    ) -> None:
        TaskFactory.create(ward=byron, title="Bed state", shift="night", carry_over=carry_over)
        with time_machine.travel(datetime(2026, 1, 28, 7, 10, tzinfo=UTC), tick=False):
            early = text_of(page).split("</section>")[0]
            assert text_of(page).count(">Bed state</a>") == 1
        assert ">Bed state</a>" in early
        assert "due by 07:30" in early
        assert "Overdue" not in early

    def test_without_carry_over_it_stays_where_it_was_due(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron, title="Clean the clinic")
        with time_machine.travel(datetime(2026, 1, 28, 10, 0, tzinfo=UTC), tick=False):
            assert "Clean the clinic" not in text_of(page)
            assert "Overdue" in text_of(page, "/wards/byron/diary/2026-01-27/")

    def test_carried_over_work_that_is_done_is_not_carried_further(
        self, page: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron, due_on=date(2026, 1, 26), carry_over=True)
        act(page, task, "complete")
        with time_machine.travel(datetime(2026, 1, 28, 10, 0, tzinfo=UTC), tick=False):
            assert f'id="{task.public_id}"' not in text_of(page)

    def test_of_yesterday_it_stays_on_the_page_with_its_undo_when_it_is_done(
        self, page: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron, due_on=date(2026, 1, 26), carry_over=True)
        act(page, task, "complete")
        early = text_of(page).split("</section>")[0]
        assert f'id="reopen-{task.public_id}"' in early


@pytest.mark.parametrize("number", [3, 60])
def test_the_diary_takes_the_same_number_of_queries_whatever_the_rows(
    page: Client,
    byron: Ward,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(number):
        shift = list(Shift)[place % 3]
        guide = GuideFactory.create()
        task = AuditTaskFactory.create(
            ward=byron, shift=shift, guide=guide, audit_type=AuditType.WALKAROUND
        )
        if place % 2:
            actions.claim(task=task, by=person(member_of(byron)), at=TEN)
    page.get("/wards/byron/diary/")  # the session now knows the ward
    with django_assert_num_queries(12):
        page.get("/wards/byron/diary/")
    with django_assert_num_queries(5):
        page.get("/wards/byron/diary/board/", {"day": TODAY.isoformat()}, headers=HTMX)
