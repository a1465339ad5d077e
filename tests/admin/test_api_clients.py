"""API clients: a key is shown once, in the answer that made it, and never again."""

import json
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from assurance.models import ApiClient
from audit.models import AuditEvent
from tests.admin.pages import address, errors_on, filled_form, submit
from wards.models import User, Ward

pytestmark = pytest.mark.django_db

ADD = address(ApiClient, "add")
KEY = re.compile(r'value="(hub_[a-z0-9]{8}_[\w-]{43})"')


def add(client: Client, **changes: Any) -> Any:
    return submit(client, ADD, name="Power Automate", **changes)


def key_in(response: Any) -> str:
    found = KEY.findall(response.content.decode())
    assert len(found) == 1
    return str(found[0])


def issue(client: Client, row: ApiClient) -> Any:
    return client.post(address(ApiClient, "issue-key", row), {"prefix": row.prefix})


def is_accepted(key: str) -> bool:
    response = Client().post(
        "/api/assurance/sync", {}, content_type="application/json", headers={"X-API-Key": key}
    )
    return response.status_code == 422


@pytest.fixture
def flow(byron: Ward, senior: Client) -> ApiClient:
    add(senior, wards=[byron.pk])
    return ApiClient.objects.get()


class TestKey:
    def test_it_is_shown_on_the_next_page_and_works(self, byron: Ward, senior: Client) -> None:
        response = add(senior, wards=[byron.pk])
        assert response.status_code == 200
        assert response["Cache-Control"].find("no-store") >= 0
        assert is_accepted(key_in(response))

    def test_it_is_shown_nowhere_else_and_kept_nowhere(
        self, byron: Ward, senior: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = key_in(add(senior, wards=[byron.pk]))
        row = ApiClient.objects.get()
        pages = [address(ApiClient), *(address(ApiClient, page, row) for page in PAGES), "/admin/"]
        for path in pages:
            assert key not in senior.get(path).content.decode()
        kept = [row.__dict__, *(one.__dict__ for one in LogEntry.objects.all())]
        kept += [one.detail for one in AuditEvent.objects.all()]
        kept += [one.get_decoded() for one in Session.objects.all()]
        assert key not in json.dumps(kept, default=str)
        assert key not in caplog.text

    def test_a_new_one_ends_the_old_one(self, flow: ApiClient, senior: Client) -> None:
        first = key_in(issue(senior, flow))
        flow.refresh_from_db()
        second = key_in(issue(senior, flow))
        assert not is_accepted(first)
        assert is_accepted(second)

    def test_a_page_that_is_sent_twice_does_not_void_the_key_that_was_shown(
        self, flow: ApiClient, senior: Client
    ) -> None:
        key = key_in(issue(senior, flow))
        again = issue(senior, flow)
        assert "hub_" + flow.prefix not in again.content.decode()
        assert KEY.findall(again.content.decode()) == []
        assert is_accepted(key)

    def test_it_is_asked_for_before_it_is_made(self, flow: ApiClient, senior: Client) -> None:
        page = senior.get(address(ApiClient, "issue-key", flow))
        assert KEY.findall(page.content.decode()) == []
        flow_now = ApiClient.objects.get()
        assert flow_now.key_hash == flow.key_hash

    def test_a_revoked_one_works_no_more(self, flow: ApiClient, senior: Client) -> None:
        key = key_in(issue(senior, flow))
        path = address(ApiClient, "revoke", flow)
        assert b"Revoke the key" in senior.get(path).content
        assert is_accepted(key)
        assert senior.post(path).status_code == 302
        assert not is_accepted(key)

    def test_what_was_done_is_in_the_audit_log(
        self, flow: ApiClient, samir: User, senior: Client
    ) -> None:
        submit(senior, address(ApiClient, "change", flow), name="Flow")
        issue(senior, flow)
        senior.post(address(ApiClient, "revoke", flow))
        events = AuditEvent.objects.filter(source="admin").order_by("sequence")
        assert [event.action for event in events] == [
            f"api_client.{action}" for action in ("create", "change", "issue_key", "revoke")
        ]
        assert {event.actor_name for event in events} == {samir.name}
        assert events[0].detail["wards"] == ["Byron"]


PAGES = ("change", "history", "issue-key", "revoke")


class TestForm:
    def test_key_and_hash_cannot_be_set(self, flow: ApiClient, senior: Client) -> None:
        path = address(ApiClient, "change", flow)
        forged = {"prefix": "forged00", "key_hash": "0", "revoked_at_0": "2026-01-01"}
        assert senior.post(path, filled_form(senior, path) | forged).status_code == 302
        now = ApiClient.objects.get()
        assert (now.prefix, now.key_hash, now.revoked_at) == (flow.prefix, flow.key_hash, None)
        assert flow.key_hash not in senior.get(path).content.decode()

    def test_its_reach_is_changed(
        self, flow: ApiClient, byron: Ward, shelley: Ward, senior: Client
    ) -> None:
        path = address(ApiClient, "change", flow)
        submit(senior, path, wards=[shelley.pk], allowed_networks="10.1.0.0/16")
        now = ApiClient.objects.get()
        assert list(now.wards.all()) == [shelley]
        assert now.allowed_networks == "10.1.0.0/16"
        submit(senior, path, wards=[shelley.pk], all_wards="on")
        now.refresh_from_db()
        assert now.all_wards
        assert not now.wards.exists()

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"wards": []}, "Choose at least one ward, or all wards."),
            ({"all_wards": "on", "name": ""}, "This field is required."),
            ({"all_wards": "on", "name": "power automate"}, "already exists"),
            ({"all_wards": "on", "allowed_networks": "10.1"}, "is not a network"),
        ],
    )
    def test_what_cannot_be_is_an_error_on_the_form(
        self, changes: dict[str, Any], message: str, flow: ApiClient, senior: Client
    ) -> None:
        if changes.get("name") == "power automate":
            changes["name"] = flow.name
        response = submit(senior, ADD, **({"name": "Another"} | changes))
        assert message in errors_on(response)[0]
        assert ApiClient.objects.count() == 1

    @pytest.mark.parametrize("page", ["issue-key", "revoke"])
    def test_a_ward_admin_has_no_hand_in_keys(
        self, page: str, flow: ApiClient, ward_admin: Client
    ) -> None:
        path = address(ApiClient, page, flow)
        assert ward_admin.get(path).status_code == 403
        assert ward_admin.post(path, {"prefix": flow.prefix}).status_code == 403
        assert ApiClient.objects.get().key_hash == flow.key_hash
