"""The contract's message."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rest_framework import serializers

from benchmarks.peers.contract import AUDIT_TYPES

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=5)
LARGEST_NUMBER = 1_000_000_000
LONGEST_TEXT = 500
MOST_VALUES = 50
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
DATE_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d(\.\d+)?)([Zz]|[+-]\d\d:\d\d)")


class PlainTextField(serializers.CharField):
    """A text on one line; a number is no text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or CONTROL_CHARACTERS.search(data):
            raise serializers.ValidationError("Must be plain text")
        return str(super().to_internal_value(data))


class MomentField(serializers.Field):  # type: ignore[type-arg]
    """A date and time with an offset, not in the future."""

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or not DATE_AND_TIME.fullmatch(data):
            raise serializers.ValidationError("Must be a date and time with an offset")
        try:
            moment = datetime.fromisoformat(data.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise serializers.ValidationError("Must be a date and time") from None
        if not EARLIEST <= moment <= datetime.now(UTC) + CLOCKS_MAY_DIFFER_BY:
            raise serializers.ValidationError("Must be in the past")
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


class ReadingsField(serializers.DictField):
    """What was measured: numbers, texts, true, false or null."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        readings: dict[str, Any] = super().to_internal_value(data)
        if len(readings) > MOST_VALUES:
            raise serializers.ValidationError("Must have at most 50 entries")
        if not isinstance(readings.get("inRange", True), bool):
            raise serializers.ValidationError("inRange must be true or false")
        if wrong := [name for name, value in readings.items() if not _is_reading(value)]:
            raise serializers.ValidationError({name: ["Must be a reading"] for name in wrong})
        return readings


def _is_reading(value: Any) -> bool:
    match value:
        case None | bool():
            return True
        case int() | float():
            return -LARGEST_NUMBER <= value <= LARGEST_NUMBER
        case str():
            return len(value) <= LONGEST_TEXT and "\x00" not in value
    return False


class AuditSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A completed audit."""

    auditType = serializers.ChoiceField(AUDIT_TYPES, source="audit_type")  # noqa: N815
    ward = PlainTextField(max_length=100)
    completedBy = PlainTextField(max_length=150, source="completed_by")  # noqa: N815
    completedAt = MomentField(source="completed_at")  # noqa: N815
    auditId = PlainTextField(max_length=100, source="audit_id")  # noqa: N815
    values = ReadingsField(required=False, default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(self.initial_data) - set(self.fields):
            raise serializers.ValidationError({name: ["Not permitted"] for name in unknown})
        return attrs


def details(errors: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what is wrong, field by field."""
    found = []
    for field, problems in errors.items():
        if isinstance(problems, Mapping):
            inner = details(problems)
            found += [{**one, "field": f"{field}.{one['field']}"} for one in inner]
        else:
            found += [{"field": field, "message": str(one)} for one in problems]
    return found
