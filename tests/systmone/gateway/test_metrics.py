"""The gateways' metrics: what they tell, to whom, and in how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from systmone import gateways, metrics
from systmone.lease import lease_of
from systmone.models import Attempt, Call, Gateway, State
from tests.factories import member_of, senior_admin
from tests.systmone.gateway.conftest import SETUP, spoken
from wards.models import Role, Stay, Ward

TOKEN = "a-long-random-text"


def told() -> dict[str, float]:
    """The value of each line, by its name and its labels but for the gateway's."""
    families = text_string_to_metric_families(metrics.as_text().decode())
    return {
        " ".join(
            [sample.name.removeprefix("hub_systmone_"), *_further(sample.labels)]
        ): sample.value
        for family in families
        for sample in family.samples
        if sample.labels["gateway"] == "Byron's PC"
    }


def _further(labels: dict[str, str]) -> list[str]:
    return [value for name, value in labels.items() if not name.startswith("gateway")]


def test_a_queue_its_age_and_its_speaker_are_told(gateway: Gateway, pushed: Call) -> None:
    since = timezone.now() - timedelta(minutes=5)
    Call.objects.update(created_at=since, not_before=since)
    with lease_of(gateway):
        found = told()
    assert found["queue_calls person_waits"] == 1
    assert 300 <= found["queue_oldest_seconds person_waits"] < 330
    assert (found["queue_calls background"], found["queue_oldest_seconds background"]) == (0, 0)
    assert found["calls queued"] == 1
    assert (found["up"], found["stopped"], found["speaker"], found["lease_fence"]) == (1, 0, 1, 1)
    assert "last_success_timestamp_seconds" not in found


def test_what_came_of_it_is_told(gateway: Gateway, pushed: Call) -> None:
    spoken(gateway, pushed)
    found = told()
    assert found["attempts_last_hour answered"] == 1
    assert found["attempts_last_hour refused"] == 0
    assert found["last_success_timestamp_seconds"] == pytest.approx(
        timezone.now().timestamp(), abs=30
    )
    assert found["speaker"] == 0
    Attempt.objects.update(started_at=timezone.now() - timedelta(hours=2))
    assert told()["attempts_last_hour answered"] == 0


@pytest.mark.parametrize(
    ("state", "function", "count"),
    [
        (State.UNKNOWN, "UpdatePatientRecord", 1),
        (State.FAILED, "UpdatePatientRecord", 1),
        (State.FAILED, "GetPatientRecord", 0),
    ],
)
def test_what_a_person_must_look_after_is_told(
    gateway: Gateway, pushed: Call, state: State, function: str, count: int
) -> None:
    settled_at = timezone.now() if state == State.FAILED else None
    Call.objects.update(state=state, function=function, problem="-", settled_at=settled_at)
    assert told()[f"calls {state}"] == count


def test_a_stopped_gateway_is_down(gateway: Gateway) -> None:
    gateways.stop(gateway=gateway, why="Blocked.", by=SETUP)
    found = told()
    assert (found["up"], found["stopped"]) == (0, 1)


def test_more_gateways_take_no_more_queries(gateway: Gateway, pushed: Call) -> None:
    for number in range(5):
        other = Gateway(name=f"PC {number}", port=40_900 + number, api_key="any")
        gateways.add(gateway=other, wards=[], by=SETUP)
    with CaptureQueriesContext(connection) as captured:
        metrics.as_text()
    assert len(captured) == 5


def test_no_patient_is_in_it(gateway: Gateway, pushed: Call, stay: Stay) -> None:
    text = metrics.as_text().decode()
    for secret in (stay.patient.surname, stay.patient.nhs_number, pushed.reference, "Slept"):
        assert secret not in text


class TestWhoMaySeeThem:
    @pytest.fixture(autouse=True)
    def _token(self, transactional_db: None, settings: Settings) -> None:
        settings.HUB_METRICS_TOKEN = TOKEN

    @pytest.mark.parametrize(
        ("header", "status"),
        [
            (f"Bearer {TOKEN}", 200),
            (f"bearer {TOKEN}", 200),
            ("Bearer wrong", 401),
            ("Bearer ", 401),
            ("Bearer \u00e9", 401),
            (f"Basic {TOKEN}", 401),
            ("", 401),
        ],
    )
    def test_whoever_brings_the_token(self, client: Client, header: str, status: int) -> None:
        answer = client.get("/metrics", headers={"Authorization": header})
        assert answer.status_code == status
        if status == 200:
            assert answer["Content-Type"].startswith("text/plain; version=")

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer "])
    def test_nobody_where_none_is_set(
        self, client: Client, settings: Settings, header: str
    ) -> None:
        settings.HUB_METRICS_TOKEN = ""
        assert client.get("/metrics", headers={"Authorization": header}).status_code == 404

    def test_senior_admins_and_no_others_who_have_signed_in(
        self, client: Client, byron: Ward, settings: Settings
    ) -> None:
        settings.HUB_METRICS_TOKEN = ""
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        assert client.get("/metrics").status_code == 404
        client.force_login(senior_admin())
        assert client.get("/metrics").status_code == 200

    def test_nobody_in_a_tier_without_systmone(self, client: Client, settings: Settings) -> None:
        settings.HUB_TIER = "max"
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 404
