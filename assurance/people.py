"""Who completed the audit: the dashboard sends a staff id, an e-mail address or a full name."""

from collections.abc import Callable, Iterable
from datetime import datetime

from wards.access import people_with_access_to
from wards.actors import Actor, Source
from wards.models import User, Ward


def who_completed(sent: str, ward: Ward, *, at: datetime | None = None) -> Actor | None:
    """Return the person that `sent` means among those with access to `ward` at `at` (now, if left
    out), or `None`.

    Where several have that name, somebody with access did the audit but nobody knows who: the actor
    carries the name alone.
    """
    people = people_with_access_to(ward, at=at).only("name", "email", "staff_id")
    meant = people_meant(sent, people)
    if not meant:
        return None
    if len(meant) > 1:
        return Actor(" ".join(sent.split()), Source.SYNC)
    return Actor(meant[0].name, Source.SYNC, meant[0])


def people_meant(sent: str, people: Iterable[User]) -> list[User]:
    """Return the people with that staff id; if none, that e-mail address; if none, that name."""
    wanted, people = _plain(sent), list(people)
    facts: tuple[Callable[[User], str], ...] = (
        lambda user: user.staff_id,
        lambda user: user.email,
        lambda user: user.name,
    )
    for fact in facts:
        if meant := [user for user in people if _plain(fact(user)) == wanted]:
            return meant
    return []


def _plain(text: str) -> str:
    """Return `text` without differences of case and white space."""
    return " ".join(text.split()).casefold()
