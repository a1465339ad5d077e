"""The people of the demo, and the list from which a visitor chooses who to be; all fictional."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet

from demo.wards import BYRON, DICKINSON, KEATS, SHELLEY, WORDSWORTH
from tasks.shifts import local, local_date
from tasks.words import short_date
from wards.access import ROLES_IN_ORDER
from wards.models import Membership, Role, User, Ward


@dataclass(frozen=True)
class Person:
    """A demo person.

    `covers_on` are wards where they cover for a few days only; a senior admin needs no ward.
    """

    name: str
    email: str
    staff_id: str
    job_title: str
    wards: tuple[str, ...] = ()
    role: Role = Role.NORMAL_USER
    covers_on: tuple[str, ...] = ()


# Sarah Johnson is as the integration guide's example prints her.
# fmt: off
PEOPLE = (
    Person("Sarah Johnson", "sarah.johnson@nhs.net", "NHS123456", "Staff nurse", (BYRON, SHELLEY)),
    Person("David Okafor", "david.okafor@example.nhs.uk", "NHS204417", "Health care assistant", (BYRON,)),
    Person("Tom Bradley", "tom.bradley@example.nhs.uk", "NHS210093", "Health care assistant", (BYRON, SHELLEY)),
    Person("Grace Mensah", "grace.mensah@example.nhs.uk", "NHS187752", "Charge nurse", (SHELLEY,)),
    Person("Priya Nair", "priya.nair@example.nhs.uk", "NHS231508", "Staff nurse", (KEATS,)),
    Person("Kasia Nowak", "kasia.nowak@example.nhs.uk", "NHS226640", "Health care assistant", (KEATS, WORDSWORTH)),
    Person("Michael Adeyemi", "michael.adeyemi@example.nhs.uk", "NHS198861", "Staff nurse", (WORDSWORTH,)),
    Person("Beth Turner", "beth.turner@example.nhs.uk", "NHS240175", "Staff nurse", (WORDSWORTH,), covers_on=(BYRON,)),
    Person("Hannah Clarke", "hannah.clarke@example.nhs.uk", "NHS219934", "Staff nurse", (DICKINSON,)),
    Person("Chloe Davies", "chloe.davies@example.nhs.uk", "NHS244420", "Health care assistant", (DICKINSON,)),
    Person("Leila Rahimi", "leila.rahimi@example.nhs.uk", "NHS176203", "Consultant psychiatrist", (BYRON, SHELLEY, KEATS)),
    Person("Rachel Evans", "rachel.evans@example.nhs.uk", "NHS190316", "Practice educator", (BYRON, KEATS), Role.CONTRIBUTOR),
    Person("Amina Yusuf", "amina.yusuf@example.nhs.uk", "NHS165528", "Ward manager", (BYRON, SHELLEY), Role.WARD_ADMIN),
    Person("Owen Hughes", "owen.hughes@example.nhs.uk", "NHS171047", "Ward manager", (KEATS, WORDSWORTH), Role.WARD_ADMIN),
    Person("Joseph Murphy", "joseph.murphy@example.nhs.uk", "NHS168890", "Ward manager", (DICKINSON,), Role.WARD_ADMIN),
    Person("Samir Patel", "samir.patel@example.nhs.uk", "NHS159982", "Integration engineer", role=Role.SENIOR_ADMIN),
)
# fmt: on

COVER_ENDS_IN = timedelta(days=4)


def create_people(wards: Mapping[str, Ward], *, now: datetime) -> None:
    """Store the people and their memberships; nobody has a password."""
    cover_ends = local(local_date(now) + COVER_ENDS_IN, time(8))
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email,
            name=person.name,
            staff_id=person.staff_id,
            job_title=person.job_title,
        )
        for ward in [wards[name] for name in person.wards] or [None]:
            Membership.objects.create(user=user, ward=ward, role=person.role)
        for name in person.covers_on:
            Membership.objects.create(user=user, ward=wards[name], expires_at=cover_ends)


@dataclass(frozen=True)
class SignInChoice:
    """A person to be chosen; `belongs_to` says in words on which wards they are, and how long."""

    person_id: int
    name: str
    job_title: str
    belongs_to: str


@dataclass(frozen=True)
class SignInGroup:
    """The people of one role, by name."""

    role: Role
    choices: tuple[SignInChoice, ...]


def demo_users() -> QuerySet[User]:
    """Return the demo people who may sign in."""
    return User.objects.filter(email__in=[person.email for person in PEOPLE], is_active=True)


def sign_in_choices() -> list[SignInGroup]:
    """Return the demo people by role, those who work on the wards first, in one query."""
    memberships: dict[User, list[Membership]] = defaultdict(list)
    current = Membership.objects.current().filter(user__in=demo_users())
    for membership in current.select_related("user", "ward").order_by("user__name", "ward__name"):
        memberships[membership.user].append(membership)
    groups: dict[Role, list[SignInChoice]] = {role: [] for role in ROLES_IN_ORDER}
    for user, theirs in memberships.items():
        highest = max((Role(one.role) for one in theirs), key=ROLES_IN_ORDER.index)
        groups[highest].append(
            SignInChoice(user.pk, user.name, user.job_title, _belongs_to(theirs))
        )
    return [SignInGroup(role, tuple(choices)) for role, choices in groups.items() if choices]


def _belongs_to(memberships: Sequence[Membership]) -> str:
    for_good = [one for one in memberships if one.expires_at is None]
    for_a_while = [one for one in memberships if one.expires_at is not None]
    return ", ".join(map(_place, [*for_good, *for_a_while]))


def _place(membership: Membership) -> str:
    ward = membership.ward.name if membership.ward else "all wards"
    if membership.expires_at is None:
        return ward
    return f"{ward} until {short_date(local_date(membership.expires_at))}"
