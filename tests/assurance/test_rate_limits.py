"""Too many requests: counted in Redis, by each process for itself while Redis is away."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.test import Client, override_settings
from pytest_django import Settings

from tests.assurance.posting import Byron, new_client, post_to, poster
from tests.servers import running_redis
from tests.web_server import running_hub
from wards import wake_up

Post = Callable[..., Any]


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """Run a Redis for this test alone; the requests of this process count in it."""
    with running_redis(folder) as url, override_settings(REDIS_URL=url):
        wake_up.redis_outage.over()  # as the pause after an outage ends
        yield url


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    with TemporaryDirectory(prefix="hub-") as folder:
        yield Path(folder)


def statuses_of(post: Post, number: int, **more: Any) -> list[int]:
    return [post(auditId=f"audit-{one}", **more).status_code for one in range(number)]


@pytest.mark.django_db
def test_redis_may_stop_and_come_back_and_limits_go_on(
    byron: Byron, post: Post, folder: Path, settings: Settings
) -> None:
    settings.HUB_SYNC_RATE_LIMIT = "3/hour"
    with own_redis(folder) as url:
        assert statuses_of(post, 4) == [200, 200, 200, 429]

    with override_settings(REDIS_URL=url):  # nobody answers there now
        assert statuses_of(post, 3) == [200] * 3
        refused = post()
    assert (refused.status_code, refused.json()["error"]) == (429, "RATE_LIMITED")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600

    with own_redis(folder):
        assert 429 in statuses_of(post, 4)
        assert not wake_up.redis_outage.lasts


@pytest.mark.django_db
def test_one_address_may_come_twice_as_often_as_one_client(
    client: Client, byron: Byron, settings: Settings
) -> None:
    settings.HUB_SYNC_RATE_LIMIT = "2/hour"
    web = Client(REMOTE_ADDR="203.0.113.20")
    posts = [poster(web, new_client(name=f"Flow {number}")[1]) for number in range(3)]
    assert [statuses_of(post, 2) for post in posts] == [[200] * 2, [200] * 2, [429] * 2]
    elsewhere = Client(REMOTE_ADDR="203.0.113.21")
    assert poster(elsewhere, new_client(name="Flow")[1])().status_code == 200


@pytest.mark.django_db(transaction=True)
def test_workers_go_on_without_redis_each_counting_for_itself(byron: Byron, folder: Path) -> None:
    with ExitStack() as until_redis_stops, ExitStack() as until_the_end:
        url = until_redis_stops.enter_context(running_redis(folder))
        hub = running_hub(REDIS_URL=url, HUB_SYNC_RATE_LIMIT="4/hour")
        address = until_the_end.enter_context(hub)
        together = [post_to(address, byron.key)[0] for _ in range(6)]
        until_redis_stops.close()
        alone = [post_to(address, byron.key) for _ in range(12)]

    assert together[0] == 200
    answers = Counter([*together, *(status for status, _, _ in alone)])
    assert answers.keys() == {200, 429}
    assert 4 <= answers[200] <= 4 + 2 * 4
    assert all(headers["Retry-After"] for status, headers, _ in alone if status == 429)
