"""Gateways and calls in the admin: who sees them, what is never shown, what starts again."""

import pytest
from django.test import Client
from django.utils import timezone

from systmone import staff
from systmone.gateways import gateway_of
from systmone.models import Call, Gateway, State
from tests.admin.pages import filled_form
from tests.factories import WardFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import SETUP, spoken
from wards.models import Role, Ward

ADDRESS = {
    "name": "PC 2",
    "host": "127.0.0.1",
    "port": "40777",
    "device_id": "",
    "device_version": "Inpatient Hub",
    "is_on": "on",
    "seconds_between_requests": "1",
    "seconds_between_records": "30",
    "seconds_of_margin": "0.012",
    "seconds_for_an_answer": "20",
    "seconds_to_settle": "3",
}


@pytest.fixture
def admin(client: Client, transactional_db: None) -> Client:
    client.force_login(senior_admin())
    return client


def test_a_senior_admin_sets_up_a_gateway_and_its_key_is_never_shown(
    admin: Client, byron: Ward
) -> None:
    filled = {**ADDRESS, "new_api_key": "f31e26725b5491f2", "wards": [byron.pk]}
    assert admin.post("/admin/systmone/gateway/add/", filled).status_code == 302
    gateway = gateway_of(byron)
    assert gateway is not None
    assert gateway.api_key == "f31e26725b5491f2"
    shown = admin.get(f"/admin/systmone/gateway/{gateway.pk}/change/").content.decode()
    assert "f31e26725b5491f2" not in shown


def test_without_a_key_it_is_not_set_up_and_says_what_is_missing(admin: Client) -> None:
    answer = admin.post("/admin/systmone/gateway/add/", ADDRESS)
    assert "Enter the API key that TPP has given." in answer.content.decode()
    assert not Gateway.objects.exists()


def test_a_change_keeps_the_key_and_moves_the_wards(
    admin: Client, gateway: Gateway, byron: Ward
) -> None:
    shelley = WardFactory.create(name="Shelley")
    filled = {**ADDRESS, "name": "PC 3", "wards": [shelley.pk]}
    assert admin.post(f"/admin/systmone/gateway/{gateway.pk}/change/", filled).status_code == 302
    gateway.refresh_from_db()
    assert (gateway.name, gateway.api_key) == ("PC 3", "f31e26725b5491f2")
    assert (gateway_of(byron), gateway_of(shelley)) == (None, gateway)


@pytest.mark.parametrize("moved", [{"port": "40778"}, {"host": "10.0.0.7"}])
def test_its_address_stays_while_something_is_looked_for_behind_it(
    admin: Client, gateway: Gateway, byron: Ward, pushed: Call, moved: dict[str, str]
) -> None:
    page = f"/admin/systmone/gateway/{gateway.pk}/change/"
    Call.objects.filter(pk=pushed.pk).update(state=State.CHECKING)
    answer = admin.post(page, {**filled_form(admin, page), "wards": [byron.pk], **moved})
    assert "The address cannot change now" in answer.content.decode()
    assert admin.post(page, {**filled_form(admin, page), "wards": [byron.pk]}).status_code == 302
    Call.objects.filter(pk=pushed.pk).update(state=State.QUEUED)
    assert admin.post(page, {**filled_form(admin, page), **moved}).status_code == 302


def test_an_old_page_overwrites_nothing_that_was_stored_meanwhile(
    admin: Client, gateway: Gateway, byron: Ward
) -> None:
    page = f"/admin/systmone/gateway/{gateway.pk}/change/"
    Gateway.objects.update(device_id="")
    filled = {**filled_form(admin, page), "name": "PC 3"}
    Gateway.objects.update(device_id="a1b2c3d4", is_on=False)  # SystmOne's user has approved
    assert admin.post(page, filled).status_code == 302
    gateway.refresh_from_db()
    assert (gateway.name, gateway.device_id, gateway.is_on) == ("PC 3", "a1b2c3d4", False)


def test_a_device_id_is_forgotten_by_emptying_its_field(
    admin: Client, gateway: Gateway, byron: Ward
) -> None:
    page = f"/admin/systmone/gateway/{gateway.pk}/change/"
    filled = {**filled_form(admin, page), "device_id": ""}
    assert admin.post(page, filled).status_code == 302
    gateway.refresh_from_db()
    assert gateway.device_id == ""


def test_a_stopped_gateway_says_why_and_is_started_again(admin: Client, gateway: Gateway) -> None:
    Gateway.objects.update(stopped_at=timezone.now(), stopped_because="Blocked in SystmOne.")
    page = "/admin/systmone/gateway/"
    assert "Blocked in SystmOne." in admin.get(page).content.decode()
    admin.post(page, {"action": "start_again", "_selected_action": [gateway.pk]})
    gateway.refresh_from_db()
    assert gateway.speaks


def test_a_ward_manager_sees_the_calls_of_their_ward_without_content(
    client: Client, pushed: Call, byron: Ward
) -> None:
    client.force_login(member_of(byron, role=Role.WARD_ADMIN))
    for page in ("", f"{pushed.pk}/change/"):
        shown = client.get(f"/admin/systmone/call/{page}")
        assert shown.status_code == 200
        assert "UpdatePatientRecord" in shown.content.decode()
        assert "Slept well" not in shown.content.decode()
        assert "9434765919" not in shown.content.decode()


def test_a_ward_manager_of_another_ward_sees_no_call(client: Client, pushed: Call) -> None:
    client.force_login(member_of(WardFactory.create(), role=Role.WARD_ADMIN))
    assert "UpdatePatientRecord" not in client.get("/admin/systmone/call/").content.decode()
    assert client.get(f"/admin/systmone/call/{pushed.pk}/change/").status_code == 302


def test_users_and_sites_are_chosen_among_what_systmone_has_told(
    admin: Client, gateway: Gateway, byron: Ward
) -> None:
    page = f"/admin/systmone/gateway/{gateway.pk}/change/"
    Gateway.objects.update(diary_users="long.gone")
    assert "Ctrl" not in admin.get(page).content.decode()
    spoken(gateway, staff.refresh(gateway=gateway, by=SETUP))
    shown = admin.get(page).content.decode()
    assert "Mr Dafydd Prosser" in shown
    assert "long.gone (SystmOne does not name it)" in shown
    gateway.refresh_from_db()
    site = gateway.sites[0]
    chosen = {"diary_users": ["dprosser", "long.gone"], "diary_sites": [site]}
    filled = {"wards": [byron.pk], **filled_form(admin, page), **chosen}
    assert admin.post(page, filled).status_code == 302
    gateway.refresh_from_db()
    assert (gateway.diary_users, gateway.diary_sites) == ("dprosser\nlong.gone", site)
    assert admin.post(page, {**filled_form(admin, page), "wards": [byron.pk]}).status_code == 302
    gateway.refresh_from_db()
    assert gateway.diary_users == "dprosser\nlong.gone"
