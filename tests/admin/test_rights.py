"""Who may see, add, change and delete what: a table of roles, rows and wards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from assurance.alerts import tell
from assurance.models import AlertKind, ApiClient, ReadingLimit, SyncAlert, SyncEvent, TeamsChannel
from audit.events import record
from audit.models import AuditEvent
from library.models import Guide
from systmone import calls, gateways
from systmone.models import Attempt, Call, Gateway, Priority, StaffMember
from systmone.protocol.functions import GetFunctions
from tasks.models import Task, TaskTemplate
from tests.admin.conftest import SignIn
from tests.admin.pages import address
from tests.factories import (
    BedFactory,
    GuideFactory,
    MembershipFactory,
    PatientFactory,
    TaskFactory,
    TemplateFactory,
    member_of,
    senior_admin,
)
from wards.actors import Actor, Source
from wards.admissions import admit
from wards.models import Alert, Membership, NoteTemplate, Role, Room, Stay, User, Ward

pytestmark = pytest.mark.django_db

NOBODY = Actor("Somebody", Source.WEB)
NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


def api_client() -> ApiClient:
    return ApiClient.objects.create(name="A flow", prefix="abcdefgh", key_hash="-", all_wards=True)


def sync_event(ward: Ward | None) -> SyncEvent:
    return SyncEvent.objects.create(
        client=ApiClient.objects.first() or api_client(),
        received_at=NOON,
        completed_at=NOON,
        outcome="no_matching_task" if ward else "ward_mismatch",
        audit_id=f"FRIDGE-{ward}",
        ward=ward,
    )


def gateway_of(*wards: Ward) -> Gateway:
    count = Gateway.objects.count()
    made = Gateway(name=f"PC {count}", port=40_000 + count, api_key="-")
    return gateways.add(gateway=made, wards=wards, by=NOBODY)


def call_of(ward: Ward) -> Call:
    return calls.ask(
        gateway=Gateway.objects.first() or gateway_of(),
        request=GetFunctions(),
        by=NOBODY,
        priority=Priority.BACKGROUND,
        within=timedelta(hours=1),
        about=calls.About(ward=ward),
    )


def staff_member() -> StaffMember:
    of = Gateway.objects.first() or gateway_of()
    name = f"Beatrice {StaffMember.objects.count()}"
    return StaffMember.objects.create(gateway=of, user_name=name, first_name=name, surname="Quill")


def attempt_of(ward: Ward) -> Attempt:
    call = call_of(ward)
    return call.attempts.create(gateway=call.gateway, fence=1, started_at=NOON)


def audit_event(ward: Ward) -> AuditEvent:
    return record(by=NOBODY, action="test.done")


ROWS: dict[type[Model], Callable[[Ward], Model]] = {
    Ward: lambda ward: ward,
    User: member_of,
    Room: lambda ward: BedFactory.create(room__ward=ward).room,
    Stay: lambda ward: admit(patient=PatientFactory.create(), ward=ward, by=NOBODY),
    NoteTemplate: lambda ward: NoteTemplate.objects.create(ward=ward, name=f"For {ward}", text="-"),
    Alert: lambda ward: Alert.objects.create(name=f"Alert {Alert.objects.count()}"),
    Membership: lambda ward: MembershipFactory.create(ward=ward),
    TaskTemplate: lambda ward: TemplateFactory.create(ward=ward),
    Task: lambda ward: TaskFactory.create(ward=ward),
    SyncEvent: sync_event,
    TeamsChannel: lambda ward: TeamsChannel.objects.create(ward=ward, url=""),
    ReadingLimit: lambda ward: ReadingLimit.objects.create(
        audit_type="fridge_temps", reading=f"of {ward}", highest=8
    ),
    SyncAlert: lambda ward: tell(kind=AlertKind.SILENCE, ward=ward, lines=["Nothing arrives."]),
    Guide: lambda ward: GuideFactory.create(),
    ApiClient: lambda ward: api_client(),
    Gateway: gateway_of,
    Call: call_of,
    StaffMember: lambda ward: staff_member(),
    Attempt: attempt_of,
    AuditEvent: audit_event,
}

OF_A_WARD = (
    *(Ward, Room, Stay, NoteTemplate, User, Membership, TaskTemplate, Task, SyncEvent),
    *(SyncAlert, Gateway, Call, Attempt),
)
OF_THE_TRUST = (Alert, Guide, ApiClient, AuditEvent, StaffMember, ReadingLimit, TeamsChannel)

# What each role may do to rows of their own ward, or of the trust: see, add, change, delete.
RIGHTS: dict[type[Model], dict[Role, str]] = {
    Ward: {Role.WARD_ADMIN: "see change", Role.SENIOR_ADMIN: "see add change"},
    User: {Role.WARD_ADMIN: "see add change", Role.SENIOR_ADMIN: "see add change"},
    Membership: {
        Role.WARD_ADMIN: "see add change delete",
        Role.SENIOR_ADMIN: "see add change delete",
    },
    TaskTemplate: {
        Role.WARD_ADMIN: "see add change delete",
        Role.SENIOR_ADMIN: "see add change delete",
    },
    Room: {Role.WARD_ADMIN: "see add change", Role.SENIOR_ADMIN: "see add change"},
    Stay: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see"},
    NoteTemplate: {
        Role.WARD_ADMIN: "see add change delete",
        Role.SENIOR_ADMIN: "see add change delete",
    },
    Alert: {Role.WARD_ADMIN: "see add", Role.SENIOR_ADMIN: "see add change"},
    Task: {Role.WARD_ADMIN: "see add", Role.SENIOR_ADMIN: "see add"},
    SyncEvent: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see"},
    SyncAlert: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see"},
    TeamsChannel: {Role.SENIOR_ADMIN: "see add change delete"},
    ReadingLimit: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see add change delete"},
    Guide: {
        Role.CONTRIBUTOR: "see add change",
        Role.WARD_ADMIN: "see add change",
        Role.SENIOR_ADMIN: "see add change delete",
    },
    ApiClient: {Role.SENIOR_ADMIN: "see add change"},
    AuditEvent: {Role.SENIOR_ADMIN: "see"},
    Gateway: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see add change"},
    Call: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see"},
    StaffMember: {Role.SENIOR_ADMIN: "see change"},
    Attempt: {Role.WARD_ADMIN: "see", Role.SENIOR_ADMIN: "see"},
}

ROLES = list(Role)
CASES = [(model, role) for model in RIGHTS for role in ROLES]
NAMES = [f"{model.__name__}-{role}" for model, role in CASES]


def person(role: Role, ward: Ward) -> User:
    return senior_admin() if role == Role.SENIOR_ADMIN else member_of(ward, role=role)


def rights_found(client: Client, model: type[Model], row: Model) -> set[str]:
    """Try each act and return those that were not refused; nothing is sent that would be saved."""
    statuses = {
        "see": client.get(address(model, "change", row)).status_code,
        "add": client.get(address(model, "add")).status_code,
        "change": client.post(address(model, "change", row), {}).status_code,
        "delete": client.get(address(model, "delete", row)).status_code,
    }
    assert set(statuses.values()) <= {200, 302, 403}, statuses
    return {act for act, status in statuses.items() if status == 200}


def test_every_row_of_the_admin_is_in_this_table() -> None:
    assert set(admin.site._registry) == set(RIGHTS) == {*OF_A_WARD, *OF_THE_TRUST}


@pytest.mark.parametrize(("model", "role"), CASES, ids=NAMES)
def test_on_their_own_ward(model: type[Model], role: Role, byron: Ward, sign_in: SignIn) -> None:
    row = ROWS[model](byron)
    client = sign_in(person(role, byron))
    expected = set(RIGHTS[model].get(role, "").split())
    assert rights_found(client, model, row) == expected
    listed = client.get(address(model)).status_code
    assert (listed == 200) == ("see" in expected)
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", OF_A_WARD)
@pytest.mark.parametrize("role", ROLES)
def test_on_another_ward(
    model: type[Model], role: Role, byron: Ward, shelley: Ward, sign_in: SignIn
) -> None:
    row = ROWS[model](shelley)
    client = sign_in(person(role, byron))
    expected = set(RIGHTS[model].get(role, "").split())
    if role != Role.SENIOR_ADMIN:
        expected &= {"add"}
    assert rights_found(client, model, row) == expected
    history = client.get(address(model, "history", row)).status_code
    assert (history == 200) == ("see" in expected)


@pytest.mark.parametrize("model", OF_A_WARD)
def test_the_list_ends_at_the_persons_wards(
    model: type[Model], byron: Ward, shelley: Ward, ward_admin: Client
) -> None:
    own, other = ROWS[model](byron), ROWS[model](shelley)
    shown = {row.pk for row in ward_admin.get(address(model)).context["cl"].result_list}
    assert own.pk in shown
    assert other.pk not in shown


@pytest.mark.parametrize("model", OF_A_WARD)
def test_no_filter_column_or_choice_names_another_ward(
    model: type[Model], byron: Ward, shelley: Ward, ward_admin: Client
) -> None:
    ROWS[model](byron)
    ROWS[model](shelley)
    assert "Shelley" not in ward_admin.get(address(model)).content.decode()
    if (adding := ward_admin.get(address(model, "add"))).status_code == 200:
        assert "Shelley" not in adding.content.decode()


@pytest.mark.parametrize("model", [TaskTemplate, Task, SyncEvent, Membership, Stay])
def test_a_filter_that_is_typed_by_hand_shows_nothing_of_another_ward(
    model: type[Model], byron: Ward, shelley: Ward, ward_admin: Client
) -> None:
    ROWS[model](shelley)
    response = ward_admin.get(address(model), {"ward__id__exact": shelley.pk})
    assert response.context["cl"].result_count == 0


def test_the_choices_that_a_script_asks_for_end_at_the_persons_wards(
    byron: Ward, shelley: Ward, ward_admin: Client, sign_in: SignIn
) -> None:
    question = {"app_label": "tasks", "model_name": "tasktemplate", "field_name": "ward"}
    member_of(shelley, name="Grace Mensah")
    people = {"app_label": "tasks", "model_name": "task", "field_name": "claimed_by"}
    answers = [ward_admin.get("/admin/autocomplete/", one) for one in (question, people)]
    assert all(b"Shelley" not in one.content for one in answers)
    assert all(b"Grace" not in one.content for one in answers)


def test_a_role_that_has_expired_opens_nothing(byron: Ward, sign_in: SignIn) -> None:
    user = member_of(byron)
    MembershipFactory.create(user=user, ward=byron, role=Role.WARD_ADMIN, expires_at=NOON)
    assert sign_in(user).get("/admin/").status_code == 302


def test_the_roles_of_a_person_on_two_wards_do_not_mix(
    byron: Ward, shelley: Ward, sign_in: SignIn
) -> None:
    user = member_of(byron, role=Role.WARD_ADMIN)
    MembershipFactory.create(user=user, ward=shelley, role=Role.CONTRIBUTOR)
    template = TemplateFactory.create(ward=shelley)
    assert rights_found(sign_in(user), TaskTemplate, template) == {"add"}


def test_a_sync_event_without_a_ward_is_for_senior_admins(
    byron: Ward, ward_admin: Client, senior: Client
) -> None:
    event = sync_event(None)
    assert rights_found(ward_admin, SyncEvent, event) == set()
    assert rights_found(senior, SyncEvent, event) == {"see"}


@pytest.mark.parametrize(
    "page", ["r/1/1/", "password_change/", "auth/group/", "account/emailaddress/"]
)
def test_what_django_and_packages_bring_along_does_not_exist(page: str, senior: Client) -> None:
    assert senior.get(f"/admin/{page}").status_code == 404


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/account/sign-in/")


def test_a_nurse_is_told_that_the_admin_is_not_for_her(byron: Ward, sign_in: SignIn) -> None:
    assert sign_in(member_of(byron)).get("/admin/", follow=True).status_code == 403


def test_a_patients_task_is_no_ward_task(byron: Ward, senior: Client) -> None:
    task = TaskFactory.create(
        kind="patient", ward=byron, shift="", patient=PatientFactory.create(), category="other"
    )
    assert rights_found(senior, Task, task) == {"add"}
