"""Upper rooms add facts to cards; each is asked once for all the cards of a page."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from tasks import card_facts
from tasks.card_facts import CardFact, facts_of, register
from tasks.models import Task

BYRON, KEATS = Task(pk=1), Task(pk=2)


@pytest.fixture(autouse=True)
def no_other_rooms() -> Iterator[None]:
    registered = card_facts._providers[:]
    card_facts._providers.clear()
    yield
    card_facts._providers[:] = registered


def test_each_room_is_asked_once_for_all_cards() -> None:
    asked: list[list[int]] = []

    def provide(tasks: Sequence[Task]) -> Mapping[int, CardFact]:
        asked.append([task.pk for task in tasks])
        return {2: CardFact("sync.jinja", "synced")}

    register(provide)
    register(provide)
    assert facts_of([BYRON, KEATS]) == {2: [CardFact("sync.jinja", "synced")]}
    assert asked == [[1, 2]]


def test_facts_stand_in_the_order_of_the_rooms() -> None:
    register(lambda tasks: {1: CardFact("first.jinja", None)})
    register(lambda tasks: {1: CardFact("second.jinja", None)})
    assert [fact.template for fact in facts_of([BYRON])[1]] == ["first.jinja", "second.jinja"]


def test_without_rooms_above_a_card_has_no_facts() -> None:
    assert not facts_of([BYRON])
