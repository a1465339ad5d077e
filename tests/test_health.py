"""The health page tells operators what is missing."""

import pytest
import redis
from django.conf import settings as settings_of_the_session
from django.test import Client
from pytest_django import Settings

from inpatient_hub import jobs
from inpatient_hub.health import BEAT, SPEAKER, WORKER, mark_seen
from inpatient_hub.jobs import mark_beat
from systmone.models import Gateway

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_was_seen_yet() -> None:
    redis.Redis.from_url(settings_of_the_session.REDIS_URL).delete(WORKER, BEAT, SPEAKER)


def test_the_web_process_is_live_whatever_else_is_missing(
    client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    assert client.get("/health/live").json() == {"status": "live"}


def test_it_is_ready_when_every_part_was_seen_lately(client: Client) -> None:
    mark_seen(WORKER)
    mark_beat()
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "ok",
        "redis": "ok",
        "worker": "ok",
        "beat": "ok",
    }


def test_it_says_which_part_was_not_seen(client: Client) -> None:
    mark_seen(BEAT)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["worker"] == "not seen yet"
    assert response.json()["beat"] == "ok"


def test_it_says_so_when_redis_is_down(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["redis"] == "Redis does not answer"
    assert response.json()["database"] == "ok"


def test_where_a_gateway_is_on_its_speaker_is_missed_too(client: Client, db: None) -> None:
    Gateway.objects.create(name="Byron's PC", api_key="k")
    assert client.get("/health/ready").json()["speaker"] == "not seen yet"
    mark_seen(SPEAKER)
    assert client.get("/health/ready").json()["speaker"] == "ok"
    Gateway.objects.update(is_on=False)
    assert "speaker" not in client.get("/health/ready").json()


@pytest.mark.parametrize(
    ("queues", "seen"),
    [(None, "worker"), (["systmone"], "speaker"), (["celery", "systmone"], "worker speaker")],
)
def test_a_worker_s_life_stands_for_what_it_works_at(
    client: Client, db: None, queues: list[str] | None, seen: str
) -> None:
    Gateway.objects.create(name="Byron's PC", api_key="k")
    jobs._signs.clear()
    jobs.remember_queues(options={"queues": queues})
    jobs.mark_worker()
    jobs._signs.clear()
    parts = client.get("/health/ready").json()
    assert " ".join(name for name in ("worker", "speaker") if parts[name] == "ok") == seen
