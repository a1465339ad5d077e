"""Who completed the audit: the dashboard sends a staff id, an e-mail address, a name, or all."""

from collections.abc import Callable, Iterable
from datetime import datetime

from wards.access import people_with_access_to
from wards.actors import Actor, Source
from wards.models import User, Ward

NOT_KNOWN = " (not known to the Hub)"
LONGEST_NAME = 150  # characters, as the histories hold


def who_completed(
    sent: str, ward: Ward, *, at: datetime | None = None, staff_id: str = "", email: str = ""
) -> Actor | None:
    """Return the person that is meant among those with access to `ward` at `at` (now, if left
    out), or `None`.

    Args:
        sent: their name; where it came alone, it may be their staff id or e-mail address instead.
        staff_id, email: empty where they were not sent; they count before the name.

    Where several have that name, somebody with access did the audit but nobody knows who: the actor
    carries the name alone.
    """
    people = people_with_access_to(ward, at=at).only("name", "email", "staff_id")
    meant = people_meant(sent, people, staff_id=staff_id, email=email)
    if not meant:
        return None
    if len(meant) > 1:
        return Actor(" ".join(sent.split()), Source.SYNC)
    return Actor(meant[0].name, Source.SYNC, meant[0])


def unknown_person(sent: str, *, staff_id: str = "", email: str = "") -> Actor | None:
    """Return the person that is meant, marked as nobody whom the Hub knows.

    Returns `None` where it does know them: then they have no access to the ward.
    """
    known = User.objects.only("name", "email", "staff_id")
    if people_meant(sent, known, staff_id=staff_id, email=email):
        return None
    return Actor(marked_as_unknown(sent), Source.SYNC)


def marked_as_unknown(sent: str) -> str:
    """Return the name `sent` with the words that the Hub does not know it."""
    return f"{' '.join(sent.split())[: LONGEST_NAME - len(NOT_KNOWN)]}{NOT_KNOWN}"


def people_meant(
    sent: str, people: Iterable[User], *, staff_id: str = "", email: str = ""
) -> list[User]:
    """Return the people with that staff id; if none, that e-mail address; if none, that name."""
    people = list(people)
    facts: tuple[tuple[str, Callable[[User], str]], ...] = (
        (staff_id or sent, lambda user: user.staff_id),
        (email or sent, lambda user: user.email),
        (sent, lambda user: user.name),
    )
    for wanted, fact in facts:
        if meant := [user for user in people if _plain(fact(user)) == _plain(wanted)]:
            return meant
    return []


def _plain(text: str) -> str:
    """Return `text` without differences of case and white space."""
    return " ".join(text.split()).casefold()
