"""What the pages of a ward say of notes that somebody must look after."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from systmone import gateways
from systmone.case_notes import push
from systmone.models import Call, Gateway
from systmone.writing import withdraw
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import SETUP, WriteNote, spoken
from tests.systmone.gateway.test_telling import UNKNOWN, failed
from wards.actors import person
from wards.models import Stay, User


class TestThePages:
    @pytest.fixture
    def page(self, client: Client, sarah: User) -> Client:
        client.force_login(sarah)
        return client

    def test_diary_and_beds_count_what_needs_somebody_and_lead_to_it(
        self, page: Client, pushed: Call
    ) -> None:
        assert '/wards/byron/systmone/"' not in page.get("/wards/byron/diary/").content.decode()
        Call.objects.update(**UNKNOWN)
        for path in ("diary", "beds"):
            shown = page.get(f"/wards/byron/{path}/").content.decode()
            assert "1 note needs somebody to check SystmOne" in shown
        listed = page.get("/wards/byron/systmone/").content.decode()
        assert f'href="/notes/{pushed.note_id}/"' in listed
        assert "Check SystmOne: The record could not tell." in listed

    def test_the_list_names_no_patient_and_quotes_nothing_that_systmone_said(
        self, page: Client, pushed: Call, stay: Stay
    ) -> None:
        Call.objects.update(**failed(), words="QUILL is in use")
        listed = page.get("/wards/byron/systmone/").content.decode()
        assert "Failed. Refused." in listed
        assert "QUILL" not in listed
        assert "Slept well" not in listed

    def test_the_notice_refreshes_itself_only_where_something_has_changed(
        self, page: Client, pushed: Call
    ) -> None:
        notice = "/wards/byron/systmone/notice/"
        assert page.get(notice, {"shown": ""}).status_code == 204
        Call.objects.update(**UNKNOWN)
        shown = "1 note needs somebody to check SystmOne"
        assert shown in page.get(notice, {"shown": ""}).content.decode()
        assert page.get(notice, {"shown": shown}).status_code == 204

    def test_what_is_no_note_is_not_called_one(self, page: Client, pushed: Call) -> None:
        Call.objects.update(**failed(), note=None)
        assert "1 entry was not sent" in page.get("/wards/byron/diary/").content.decode()

    def test_a_gateway_that_was_stopped_is_told_where_people_look(
        self, page: Client, gateway: Gateway
    ) -> None:
        stopped = "Nothing goes to SystmOne now: what is pushed waits"
        assert stopped not in page.get("/wards/byron/diary/").content.decode()
        gateways.stop(gateway=gateway, why="Blocked.", by=SETUP)
        for path in ("diary", "beds"):
            assert stopped in page.get(f"/wards/byron/{path}/").content.decode()

    def test_a_deletion_that_failed_is_called_one(
        self, page: Client, pushed: Call, gateway: Gateway, sarah: User
    ) -> None:
        call = spoken(gateway, pushed)
        deletion = withdraw(call=call, reason="Wrong patient", by=person(sarah))
        Call.objects.filter(pk=deletion.pk).update(**failed())
        shown = page.get("/wards/byron/diary/").content.decode()
        assert "1 note was not deleted from SystmOne" in shown

    def test_more_of_them_take_no_more_queries(
        self, page: Client, write: WriteNote, gateway: Gateway, sarah: User
    ) -> None:
        def queries_with(count: int) -> int:
            for _ in range(count):
                push(note=write("Slept well."), by=person(sarah))
            Call.objects.update(**UNKNOWN)
            with CaptureQueriesContext(connection) as captured:
                listed = page.get("/wards/byron/systmone/").content.decode()
            assert listed.count("Check SystmOne: ") == Call.objects.count()
            return len(captured)

        assert queries_with(1) == queries_with(5)

    def test_people_of_other_wards_see_neither(self, client: Client, pushed: Call) -> None:
        Call.objects.update(**UNKNOWN)
        client.force_login(member_of(WardFactory.create(name="Shelley")))
        assert client.get("/wards/byron/systmone/").status_code == 404
        assert "needs somebody" not in client.get("/wards/shelley/diary/").content.decode()
        assert "Nothing needs you" in client.get("/wards/shelley/systmone/").content.decode()
