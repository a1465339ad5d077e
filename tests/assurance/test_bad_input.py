"""Whatever is sent, the answer is the contract's: 422 with the field's name, never a 500."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from assurance.models import Outcome, SyncEvent
from tests.assurance.posting import AUDIT, SYNC, Byron, new_client
from tests.factories import WardFactory, member_of

Post = Callable[..., Any]

REPLACED: dict[str, tuple[dict[str, Any], str]] = {
    "number for a text": ({"ward": 5}, "ward"),
    "text for an object": ({"values": "warm"}, "values"),
    "null": ({"completedBy": None}, "completedBy"),
    "blank": ({"ward": "  "}, "ward"),
    "empty": ({"auditId": ""}, "auditId"),
    "too long": ({"ward": "x" * 101}, "ward"),
    "NUL": ({"auditId": "a\x00"}, "auditId"),
    "line break": ({"ward": "Byron\nKeats"}, "ward"),
    "unknown audit type": ({"auditType": "mattress_check"}, "auditType"),
    "unknown field": ({"notes": "hello"}, "notes"),
    "the field's name in Python": ({"audit_id": "a"}, "audit_id"),
    "unknown field with a NUL": ({"\x00": "hello"}, "?"),
    "time without offset": ({"completedAt": "2026-01-27T08:14:32"}, "completedAt"),
    "time without seconds": ({"completedAt": "2026-01-27T08:14Z"}, "completedAt"),
    "date": ({"completedAt": "2026-01-27"}, "completedAt"),
    "number for a time": ({"completedAt": 1769501672}, "completedAt"),
    "number as text for a time": ({"completedAt": "1769501672"}, "completedAt"),
    "no such day": ({"completedAt": "2026-02-30T08:14:32Z"}, "completedAt"),
    "the year 1": ({"completedAt": "0001-01-01T00:00:00+14:00"}, "completedAt"),
    "the year 9999": ({"completedAt": "9999-12-31T23:59:59-14:00"}, "completedAt"),
    "nested value": ({"values": {"currentTemp": {"max": 5}}}, "values.currentTemp"),
    "list value": ({"values": {"currentTemp": [4.2]}}, "values.currentTemp"),
    "huge integer": ({"values": {"currentTemp": 10**30}}, "values.currentTemp"),
    "long text value": ({"values": {"notes": "x" * 501}}, "values.notes"),
    "NUL in a value": ({"values": {"notes": "a\x00"}}, "values.notes"),
    "NUL in a value's name": ({"values": {"a\x00": 1}}, "values.a?"),
    "verdict in words": ({"values": {"inRange": "yes"}}, "values.inRange"),
    "verdict null": ({"values": {"inRange": None}}, "values.inRange"),
    "51 values": ({"values": {f"v{number}": 1 for number in range(51)}}, "values"),
}

DEEP = b'{"values": ' + b'{"a": ' * 5000 + b"1" + b"}" * 5001

BODIES: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"hello",
    "half": b'{"auditType": ',
    "list": b"[]",
    "text": b'"hello"',
    "null": b"null",
    "not UTF-8": b'{"ward": "\xff"}',
    "UTF-16": json.dumps(AUDIT).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "lone surrogate": json.dumps({**AUDIT, "ward": "\ud800"}).encode(),
    "lone surrogate in a name": json.dumps({**AUDIT, "values": {"\udfff": 1}}).encode(),
    "NaN": json.dumps({**AUDIT, "values": {"a": float("nan")}}).encode(),
    "infinity": json.dumps({**AUDIT, "values": {"a": float("inf")}}).encode(),
    "1e999": json.dumps({**AUDIT, "values": {}}).encode().replace(b"{}", b'{"a": 1e999}'),
    "5,000 digits": json.dumps({**AUDIT, "values": {}})
    .encode()
    .replace(b"{}", b'{"a": ' + b"9" * 5000 + b"}"),
    "deep": DEEP,
    "deep lists": b"[" * 100_000,
    "two megabytes": json.dumps({**AUDIT, "ward": "x" * 2_000_000}).encode(),
    "many unknown fields": json.dumps({f"field{number}": 1 for number in range(5000)}).encode(),
}


def assert_refused(response: Any) -> list[str]:
    """Return the fields that the answer names, after checking its shape and what is stored."""
    answer = response.json()
    assert (response.status_code, answer["error"]) == (422, "VALIDATION_ERROR")
    assert set(answer) == {"success", "error", "message", "details"}
    assert answer["details"]
    event = SyncEvent.objects.latest("pk")
    assert (event.outcome, event.audit_id) == (Outcome.INVALID, "")
    assert event.details == answer["details"]
    return [detail["field"] for detail in answer["details"]]


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "field"), REPLACED.values(), ids=REPLACED)
def test_a_field_that_is_not_valid_is_named(
    post: Post, changes: dict[str, Any], field: str
) -> None:
    assert assert_refused(post(**changes)) == [field]
    assert SyncEvent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [name for name in AUDIT if name != "values"])
def test_a_missing_field_is_named(client: Client, byron: Byron, missing: str) -> None:
    body = {name: value for name, value in AUDIT.items() if name != missing}
    response = client.post(
        SYNC, body, content_type="application/json", headers={"X-API-Key": byron.key}
    )
    assert assert_refused(response) == [missing]


@pytest.mark.django_db
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_audit_is_refused(client: Client, byron: Byron, body: bytes) -> None:
    response = client.generic(
        "POST", SYNC, body, "application/json", headers={"X-API-Key": byron.key}
    )
    assert_refused(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_other_content_types_are_refused(client: Client, byron: Byron, content_type: str) -> None:
    body = json.dumps(AUDIT)
    response = client.generic("POST", SYNC, body, content_type, headers={"X-API-Key": byron.key})
    assert assert_refused(response) == ["Content-Type"]


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 422)])
def test_clocks_may_differ_by_five_minutes(post: Post, minutes: int, status: int) -> None:
    ahead = timezone.now() + timedelta(minutes=minutes)
    assert post(completedAt=ahead.isoformat(timespec="seconds")).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    "written",
    [
        "2026-01-27T08:14:32.1234567Z",  # as Power Automate's utcNow() does
        "2026-01-27T08:14:32+00:00",
        "2026-01-27t10:14:32.5+02:00",
    ],
)
def test_usual_ways_of_writing_a_time_are_understood(post: Post, written: str) -> None:
    assert post(completedAt=written).status_code == 200
    assert SyncEvent.objects.get().completed_at.isoformat()[:19] == "2026-01-27T08:14:32"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_what_was_refused_is_kept_bounded_and_printable(client: Client, byron: Byron) -> None:
    body = b'\x00{"ward": "\xff' + b"x" * 100_000
    client.generic("POST", SYNC, body, "application/json", headers={"X-API-Key": byron.key})
    payload = SyncEvent.objects.get().payload
    assert len(payload) == 20_000
    assert "\x00" not in payload


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
near_misses = st.fixed_dictionaries(
    {}, optional={name: st.just(value) | documents for name, value in AUDIT.items()}
)
bodies = (documents | near_misses).map(lambda document: json.dumps(document).encode())


class AnyBody(HypothesisTestCase):
    """Each example runs in a transaction of its own."""

    @given(bodies | st.binary(max_size=200))
    def test_any_body_gets_an_answer_of_the_contract(self, body: bytes) -> None:
        ward = WardFactory.create(name="Byron")
        member_of(ward, name="Sarah Johnson")
        key = new_client(ward)[1]
        response = self.client.generic(
            "POST", SYNC, body, "application/json", headers={"X-API-Key": key}
        )
        answer = response.json()
        assert response.status_code in (200, 422), answer
        assert SyncEvent.objects.count() == 1
        assert answer["success"] or answer["error"]
