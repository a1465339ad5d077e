"""What the tier does not offer does not exist in the admin."""

from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from assurance.models import ApiClient, ReadingLimit, SyncAlert, SyncEvent, TeamsChannel
from audit.models import AuditEvent
from library.models import Guide
from systmone.models import Attempt, Call, Gateway, StaffMember
from tasks.models import Task, TaskTemplate
from tests.admin.pages import address
from wards.models import Alert, Membership, NoteTemplate, Room, Stay, User, Ward

pytestmark = pytest.mark.django_db

EVERY_TIER = {"light", "medium", "max", "max_plus"}
TIERS: dict[type[Model], set[str]] = {
    Ward: EVERY_TIER,
    User: EVERY_TIER,
    Membership: EVERY_TIER,
    TaskTemplate: EVERY_TIER,
    Task: EVERY_TIER,
    Guide: EVERY_TIER,
    AuditEvent: {"max", "max_plus"},
    Room: {"max", "max_plus"},
    Alert: {"max", "max_plus"},
    NoteTemplate: {"max", "max_plus"},
    Stay: {"max", "max_plus"},
    ApiClient: {"max_plus"},
    SyncEvent: {"max_plus"},
    SyncAlert: {"max_plus"},
    ReadingLimit: {"max_plus"},
    TeamsChannel: {"max_plus"},
    Gateway: {"max_plus"},
    Call: {"max_plus"},
    StaffMember: {"max_plus"},
    Attempt: {"max_plus"},
}
OWN_PAGES = {
    Gateway: ["1/watch", "1/act"],
    Attempt: ["export", "1/documents"],
    TeamsChannel: ["1/test"],
    ApiClient: ["1/issue-key", "1/revoke"],
    StaffMember: ["read"],
    TaskTemplate: ["week"],
    Stay: ["import", "import/template", "export"],
}
PAGES_OF_A_WARD = ["task-categories", "legal-work", "discharge-checklist", "patient-fields"]


def test_every_row_of_the_admin_is_in_this_table() -> None:
    assert set(admin.site._registry) == set(TIERS)


@pytest.mark.parametrize("tier", sorted(EVERY_TIER))
@pytest.mark.parametrize("model", TIERS)
def test_pages_exist_in_their_tiers_only(
    model: type[Model], tier: str, senior: Client, settings: Settings
) -> None:
    settings.HUB_TIER = tier
    offered = tier in TIERS[model]
    assert (senior.get(address(model)).status_code == 200) == offered
    assert (f'href="{address(model)}"' in senior.get("/admin/").content.decode()) == offered
    for page in ("add", "1/change", "1/history", "1/delete", *OWN_PAGES.get(model, [])):
        assert offered or senior.get(f"{address(model)}{page}/").status_code == 404


@pytest.mark.parametrize("tier", sorted(EVERY_TIER))
def test_settings_about_patients_exist_where_there_are_patients(
    tier: str, byron: Ward, senior: Client, settings: Settings
) -> None:
    settings.HUB_TIER = tier
    ward_page = address(Ward, "change", byron)
    shown = senior.get(ward_page).content.decode()
    for name in PAGES_OF_A_WARD:
        answers = senior.get(urljoin(ward_page, f"../{name}/")).status_code
        is_offered = tier in ("max", "max_plus")
        assert (answers == 200, f'href="../{name}/"' in shown) == (is_offered, is_offered)


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_a_room_that_has_nothing_to_offer_has_no_page(
    tier: str, senior: Client, settings: Settings
) -> None:
    settings.HUB_TIER = tier
    assert senior.get("/admin/assurance/").status_code == 404
    assert b"Assurance" not in senior.get("/admin/").content


def test_outside_the_tier_nothing_is_changed(senior: Client, settings: Settings) -> None:
    client = ApiClient.objects.create(name="Flow", prefix="abcdefgh", key_hash="-", all_wards=True)
    settings.HUB_TIER = "max"
    for page in ("issue-key", "revoke", "change"):
        path = address(ApiClient, page, client)
        assert senior.post(path, {"prefix": "abcdefgh"}).status_code == 404
    client.refresh_from_db()
    assert (client.key_hash, client.revoked_at) == ("-", None)
