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
    """A demo person: first the ward on which they mostly work; a senior admin needs none.

    `covers_on` are wards where they cover for a few days only.
    """

    name: str
    staff_id: str
    job_title: str
    wards: tuple[str, ...] = ()
    role: Role = Role.NORMAL_USER
    covers_on: tuple[str, ...] = ()
    email: str = ""

    @property
    def address(self) -> str:
        """Their e-mail address."""
        return self.email or f"{self.name.lower().replace(' ', '.')}@example.nhs.uk"


STAFF_NURSE = "Staff nurse"
HEALTH_CARE_ASSISTANT = "Health care assistant"
VISITOR = "Sarah Johnson"

# She is as the integration guide's example prints her.
# fmt: off
PEOPLE = (
    Person("Sarah Johnson", "NHS123456", STAFF_NURSE, (BYRON, SHELLEY),
           email="sarah.johnson@nhs.net"),
    Person("David Okafor", "NHS204417", HEALTH_CARE_ASSISTANT, (BYRON,)),
    Person("Tom Bradley", "NHS210093", HEALTH_CARE_ASSISTANT, (SHELLEY, BYRON)),
    Person("Grace Mensah", "NHS187752", "Charge nurse", (SHELLEY,)),
    Person("Priya Nair", "NHS231508", STAFF_NURSE, (KEATS,)),
    Person("Kasia Nowak", "NHS226640", HEALTH_CARE_ASSISTANT, (KEATS, WORDSWORTH)),
    Person("Michael Adeyemi", "NHS198861", STAFF_NURSE, (WORDSWORTH,)),
    Person("Beth Turner", "NHS240175", STAFF_NURSE, (WORDSWORTH,), covers_on=(BYRON,)),
    Person("Hannah Clarke", "NHS219934", STAFF_NURSE, (DICKINSON,)),
    Person("Chloe Davies", "NHS244420", HEALTH_CARE_ASSISTANT, (DICKINSON,)),
    Person("Leila Rahimi", "NHS176203", "Consultant psychiatrist", (BYRON, SHELLEY, KEATS)),
    Person("Rachel Evans", "NHS190316", "Practice educator", (BYRON, KEATS), Role.CONTRIBUTOR),
    Person("Amina Yusuf", "NHS165528", "Ward manager", (BYRON, SHELLEY), Role.WARD_ADMIN),
    Person("Owen Hughes", "NHS171047", "Ward manager", (KEATS, WORDSWORTH), Role.WARD_ADMIN),
    Person("Joseph Murphy", "NHS168890", "Ward manager", (DICKINSON,), Role.WARD_ADMIN),
    Person("Samir Patel", "NHS159982", "Integration engineer", role=Role.SENIOR_ADMIN),
)
# fmt: on

# Enough of them for three shifts a day; a visitor cannot choose to be one.
COLLEAGUES: dict[str, dict[str, tuple[str, ...]]] = {
    BYRON: {
        # The last is a user of the simulated SystmOne by the same name.
        STAFF_NURSE: ("Daniel Price", "Ngozi Eze", "Laura Whitfield", "Dafydd Prosser"),
        HEALTH_CARE_ASSISTANT: ("Ewa Zielinska", "Marcus Reid"),
    },
    SHELLEY: {
        STAFF_NURSE: ("Fatima Siddiqui", "Peter Lawson", "Joy Asante"),
        HEALTH_CARE_ASSISTANT: ("Nadia Rossi", "Callum Fraser"),
    },
    KEATS: {
        STAFF_NURSE: ("Helen Baxter", "Kwame Boateng", "Siobhan Kelly"),
        HEALTH_CARE_ASSISTANT: ("Luis Ferreira", "Megan Pugh"),
    },
    WORDSWORTH: {
        STAFF_NURSE: ("Anita Desai", "Robert Finch"),
        HEALTH_CARE_ASSISTANT: ("Zainab Bello", "Stuart Lyle", "Irena Kovac"),
    },
    DICKINSON: {
        STAFF_NURSE: ("Comfort Addo", "James Thornton", "Yasmin Karim"),
        HEALTH_CARE_ASSISTANT: ("Dylan Rees", "Patience Moyo"),
    },
}


def _colleagues() -> list[Person]:
    return [
        Person(name, "", job_title, (ward,))
        for ward, job_titles in COLLEAGUES.items()
        for job_title, names in job_titles.items()
        for name in names
    ]


EVERYBODY = (*PEOPLE, *_colleagues())
COVER_ENDS_IN = timedelta(days=4)


def create_people(wards: Mapping[str, Ward], *, now: datetime) -> None:
    """Store the people and their memberships; nobody has a password."""
    cover_ends = local(local_date(now) + COVER_ENDS_IN, time(8))
    for person in EVERYBODY:
        user = User.objects.create_user(
            person.address,
            name=person.name,
            staff_id=person.staff_id,
            job_title=person.job_title,
        )
        places: list[Ward | None] = [*(wards[name] for name in person.wards)] or [None]
        for ward in places:
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
    """The people of one role."""

    role: Role
    choices: tuple[SignInChoice, ...]


def demo_users() -> QuerySet[User]:
    """Return the demo people who may sign in."""
    return User.objects.filter(email__in=[person.address for person in PEOPLE], is_active=True)


def sign_in_choices() -> list[SignInGroup]:
    """Return the demo people by role, within it in the order of the table, in one query."""
    memberships: dict[User, list[Membership]] = defaultdict(list)
    current = Membership.objects.current().filter(user__in=demo_users())
    for membership in current.select_related("user", "ward").order_by("ward__name"):
        memberships[membership.user].append(membership)
    places = {person.address: place for place, person in enumerate(PEOPLE)}
    groups: dict[Role, list[SignInChoice]] = {role: [] for role in ROLES_IN_ORDER}
    for user in sorted(memberships, key=lambda user: places[user.email]):
        theirs = memberships[user]
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
