"""Alerts as Adaptive Cards, posted to the address of a Power Automate workflow.

A card holds no patient data. The address is a secret: no error text and no log names it.
"""

import json
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from django.db.models import Q, QuerySet
from django.utils import timezone

from assurance.alert_message import Message
from assurance.models import SyncAlert, TeamsChannel
from wards.encryption import WrongKey, opened
from wards.models import Ward

TIME_OUT = 10  # seconds, for each step of the connection
MOST_BUTTONS = 5


class TeamsProblem(OSError):
    """Teams did not take a card; the text says why, and does not name the address."""


def reached_by_teams(alerts: QuerySet[SyncAlert]) -> QuerySet[SyncAlert]:
    """Return those of `alerts` for which there was a channel when they came."""
    channels = list(TeamsChannel.objects.filter(is_on=True))
    wards = [channel.ward_id for channel in channels if channel.ward_id]
    reached = Q(pk__in=[])
    for channel in channels:
        whose = Q(ward=channel.ward_id) if channel.ward_id else Q(ward=None) | ~Q(ward__in=wards)
        reached |= whose & Q(at__gte=channel.added_at)
    return alerts.filter(reached)


def post_to_teams(message: Message) -> None:
    """Post `message` to the channel of its ward. Raises `TeamsProblem`."""
    if channel := _channel_for(message.ward):
        card = card_of(message.subject, message.sentences(), message.places())
        post_card(channel, card)


def post_card(channel: TeamsChannel, card: dict[str, Any]) -> None:
    """Post `card`, and note with `channel` how it went. Raises `TeamsProblem`."""
    noted = TeamsChannel.objects.filter(pk=channel.pk)
    try:
        _post(channel, card)
    except TeamsProblem as problem:
        noted.update(last_problem=str(problem)[:200])
        raise
    noted.update(last_posted_at=timezone.now(), last_problem="")


def card_of(subject: str, sentences: Sequence[str], places: Sequence[str]) -> dict[str, Any]:
    """Return the message that a workflow takes: a heading, plain sentences, buttons to the Hub."""
    # Runs of text show what they hold; a text block would read Markdown out of it.
    body = [_text(subject, weight="Bolder", size="Medium"), *(_text(one) for one in sentences)]
    title = "Open Inpatient Hub"
    buttons = [{"type": "Action.OpenUrl", "title": title, "url": one} for one in places]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": buttons[:MOST_BUTTONS],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def _channel_for(ward: Ward | None) -> TeamsChannel | None:
    channels = TeamsChannel.objects.filter(is_on=True)
    own = channels.filter(ward=ward).first() if ward else None
    return own or channels.filter(ward=None).first()


def _text(text: str, **style: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def _post(channel: TeamsChannel, card: dict[str, Any]) -> None:
    try:
        status = _status_of(opened(channel.url), json.dumps(card).encode())
    except WrongKey as problem:
        raise TeamsProblem(str(problem)) from None
    except TimeoutError:
        raise TeamsProblem("Teams did not answer in time.") from None
    except (OSError, HTTPException, ValueError) as problem:
        reason = getattr(problem, "reason", problem)
        raise TeamsProblem(f"Teams cannot be reached: {type(reason).__name__}.") from None
    if not 200 <= status < 300:
        raise TeamsProblem(f"Teams answered {status}.")


def _status_of(url: str, body: bytes) -> int:
    """Post `body` by HTTP or HTTPS, through the proxy of the environment; follow no redirect."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    headers = {"Content-Type": "application/json", "User-Agent": "Inpatient-Hub"}
    request = Request(url, data=body, headers=headers)  # noqa: S310  other schemes have no handler
    answer = opener.open(request, timeout=TIME_OUT)
    if answer is None:
        raise ValueError("not an address of HTTP")
    with answer:
        return int(answer.status)
