"""A typed answer as plain data, for JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from systmone.protocol.answers import Answer
from systmone.protocol.errors import Refused
from systmone.protocol.values import Value


def plain(answer: Answer[Value]) -> dict[str, Any]:
    """The answer and its envelope, by the names of their fields; what is absent is left out."""
    envelope = answer.envelope
    return {
        "device_id": envelope.device_id,
        "request_uid": envelope.request_uid,
        "function": envelope.function,
        "function_version": envelope.function_version,
        "response_uid": envelope.response_uid,
        "response": _plain(answer.response),
    }


def plain_refusal(refused: Refused) -> dict[str, Any]:
    """SystmOne's words, and whether they last."""
    return {
        "function": refused.function,
        "error_message": refused.words,
        "permanent_error": refused.permanent,
    }


def _plain(value: object) -> Any:
    if isinstance(value, Value):
        held = {rule.name.rstrip("_"): getattr(value, rule.name) for rule in value.rules}
        return {name: _plain(each) for name, each in held.items() if each not in (None, ())}
    if isinstance(value, str | bool | int | None):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    return str(value)
