"""Who works in SystmOne, who of them is whom in the Hub, and what is written in their name."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client

from systmone import staff
from systmone.case_notes import push
from systmone.models import Call, Gateway, Priority, StaffMember, State
from systmone.simulator import Simulator
from tests.factories import UserFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import NHS_NUMBER, SETUP, WriteNote, spoken
from wards.actors import Actor, person
from wards.models import Role, User, Ward


@pytest.fixture
def samir(db: None) -> User:
    return senior_admin(name="Samir Patel")


@pytest.fixture
def known(gateway: Gateway) -> dict[str, StaffMember]:
    """The users of the simulated SystmOne, by their user names."""
    spoken(gateway, staff.refresh(gateway=gateway, by=SETUP))
    return {member.user_name: member for member in StaffMember.objects.all()}


@pytest.fixture
def dafydd(byron: Ward) -> User:
    """A nurse whom SystmOne has by the same name."""
    return member_of(byron, name="Dafydd Prosser")


def test_who_works_there_is_kept(known: dict[str, StaffMember]) -> None:
    member = known["dprosser"]
    assert (len(known), member.name, member.role) == (9, "Mr Dafydd Prosser", "Nurse Access Role")


def test_asked_again_everybody_is_there_once_and_who_is_gone_has_left(
    gateway: Gateway, known: dict[str, StaffMember]
) -> None:
    gone = StaffMember.objects.create(gateway=gateway, user_name="gone")
    spoken(gateway, staff.refresh(gateway=gateway, by=SETUP))
    assert StaffMember.objects.count() == len(known) + 1
    gone.refresh_from_db()
    assert gone.left_at
    assert StaffMember.objects.filter(left_at=None).count() == len(known)


def test_asked_twice_while_it_waits_it_is_one_call_and_lets_others_overtake(
    gateway: Gateway,
) -> None:
    asked = {staff.refresh(gateway=gateway, by=SETUP).pk for _ in range(2)}
    assert Call.objects.filter(priority=Priority.BACKGROUND).count() == len(asked) == 1


def test_a_gateway_that_is_off_is_not_asked(gateway: Gateway) -> None:
    Gateway.objects.update(is_on=False)
    staff.refresh_all()
    assert not Call.objects.exists()


def test_the_command_asks(gateway: Gateway) -> None:
    call_command("systmone_gateway", "staff", gateway.name)
    assert Call.objects.get().function == "GetOrganisationMetaData"


class TestWhoIsSuggested:
    def test_is_who_has_the_same_name(
        self, known: dict[str, StaffMember], dafydd: User, sarah: User
    ) -> None:
        assert staff.suggestions(known.values()) == {known["dprosser"].pk: dafydd}

    def test_is_nobody_where_two_have_it(self, known: dict[str, StaffMember], dafydd: User) -> None:
        UserFactory.create(name="dafydd  PROSSER")
        assert staff.suggestions(known.values()) == {}

    def test_is_nobody_who_is_another_user_already(
        self, known: dict[str, StaffMember], dafydd: User, samir: User
    ) -> None:
        staff.match(member=known["bkeane"], person=dafydd, by=person(samir))
        assert staff.suggestions(known.values()) == {}


def test_nobody_is_two_users_of_one_systmone(
    known: dict[str, StaffMember], dafydd: User, samir: User
) -> None:
    staff.match(member=known["dprosser"], person=dafydd, by=person(samir))
    with pytest.raises(IntegrityError):
        staff.match(member=known["bkeane"], person=dafydd, by=person(samir))


def test_no_machine_says_who_somebody_is(known: dict[str, StaffMember], dafydd: User) -> None:
    with pytest.raises(ValueError, match="only a person"):
        staff.match(member=known["dprosser"], person=dafydd, by=Actor("job", SETUP.source))


def signed(simulator: Simulator) -> list[tuple[str | None, str | None]]:
    """Return user name and name of the record's entries that a case note made."""
    view = simulator.committed(NHS_NUMBER)
    return [
        (event.get("UserName"), event.get("DoneBy"))
        for event in view.iterfind("Clinical/Event")
        if "Inpatient Hub reference" in "".join(event.itertext())
    ]


class TestANoteThatIsPushed:
    def test_is_recorded_under_the_user_who_its_author_is(
        self,
        *,
        known: dict[str, StaffMember],
        sarah: User,
        samir: User,
        write: WriteNote,
        client: Client,
        simulator: Simulator,
    ) -> None:
        staff.match(member=known["dprosser"], person=sarah, by=person(samir))
        note = write("Slept well.")
        client.force_login(sarah)
        page = client.get(f"/notes/{note.pk}/systmone/").content.decode()
        assert "done by Sarah Johnson, user dprosser." in page
        call = spoken(known["dprosser"].gateway, push(note=note, by=person(sarah)))
        assert call.state == State.SUCCEEDED
        assert signed(simulator) == [("dprosser", "Sarah Johnson")]

    @pytest.mark.parametrize("has_left", [False, True])
    def test_is_recorded_as_before_where_its_author_is_nobody_there_or_has_left(
        self,
        *,
        known: dict[str, StaffMember],
        sarah: User,
        samir: User,
        write: WriteNote,
        client: Client,
        simulator: Simulator,
        has_left: bool,
    ) -> None:
        if has_left:
            staff.match(member=known["dprosser"], person=sarah, by=person(samir))
            StaffMember.objects.update(left_at=samir.joined_at)
        note = write("Slept well.")
        client.force_login(sarah)
        page = client.get(f"/notes/{note.pk}/systmone/").content.decode()
        assert "under the user who is logged on" in page
        spoken(known["dprosser"].gateway, push(note=note, by=person(sarah)))
        assert signed(simulator) == [("mtregear", "Sarah Johnson")]

    def test_is_not_written_in_the_name_of_who_has_left_and_who_works_there_is_asked(
        self,
        *,
        known: dict[str, StaffMember],
        sarah: User,
        samir: User,
        write: WriteNote,
        simulator: Simulator,
    ) -> None:
        staff.match(member=known["dprosser"], person=sarah, by=person(samir))
        gone = simulator.desk.unit.user("dprosser")
        assert gone is not None
        simulator.desk.unit.part("Users").remove(gone)
        note, gateway = write("Slept well."), known["dprosser"].gateway
        refused = spoken(gateway, push(note=note, by=person(sarah)))
        assert (refused.state, signed(simulator)) == (State.FAILED, [])
        known["dprosser"].refresh_from_db()
        assert known["dprosser"].left_at
        assert spoken(gateway, push(note=note, by=person(sarah))).state == State.SUCCEEDED
        assert signed(simulator) == [("mtregear", "Sarah Johnson")]


class TestInTheAdmin:
    LIST = "/admin/systmone/staffmember/"

    def test_a_suggestion_is_shown_and_confirmed(
        self, known: dict[str, StaffMember], dafydd: User, samir: User, client: Client
    ) -> None:
        client.force_login(samir)
        assert "Dafydd Prosser" in client.get(self.LIST).content.decode()
        chosen = {"action": "confirm_suggested", "_selected_action": [known["dprosser"].pk]}
        client.post(self.LIST, chosen)
        member = StaffMember.objects.get(user_name="dprosser")
        assert (member.person, member.confirmed_by) == (dafydd, samir)

    def test_somebody_of_another_name_is_chosen_and_taken_back(
        self, known: dict[str, StaffMember], sarah: User, samir: User, client: Client
    ) -> None:
        client.force_login(samir)
        address = f"{self.LIST}{known['dprosser'].pk}/change/"
        for who, expected in ((sarah.pk, sarah), ("nobody", None)):
            client.post(address, {"who": who})
            assert StaffMember.objects.get(user_name="dprosser").person == expected

    def test_who_is_another_user_already_is_refused_at_the_field(
        self, known: dict[str, StaffMember], sarah: User, samir: User, client: Client
    ) -> None:
        staff.match(member=known["bkeane"], person=sarah, by=person(samir))
        client.force_login(samir)
        address = f"{self.LIST}{known['dprosser'].pk}/change/"
        assert (
            "another user of this SystmOne"
            in client.post(address, {"who": sarah.pk}).content.decode()
        )

    def test_the_list_is_asked_for_again(
        self, gateway: Gateway, samir: User, client: Client
    ) -> None:
        client.force_login(samir)
        assert "PC: is asked" in client.get(f"{self.LIST}read/").content.decode()
        client.post(f"{self.LIST}read/")
        assert Call.objects.get().asked_by == samir

    def test_ward_admins_do_not_see_it(
        self, known: dict[str, StaffMember], byron: Ward, client: Client
    ) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        assert client.get(self.LIST).status_code == 403
