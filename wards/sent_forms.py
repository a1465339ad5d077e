"""A form that is sent twice, by a double click or a reload, does its work once.

Its page carries `one_time_input()`. The view asks `made_before` first, for what was made may be in
the way of a second one, and makes it through `once`, where two that come at one moment meet.
A form whose words were changed before it was sent again is another one: no words are lost.
"""

from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from typing import TypeVar
from uuid import uuid4

from django.db import transaction
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wards.models import SentForm

NAME = "once"
REMEMBERED = timedelta(days=3)

Made = TypeVar("Made", bound=Model)


def one_time_input() -> SafeString:
    """Return a hidden input that makes each form that is shown another one."""
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, uuid4())


def made_before(data: QueryDict, kind: type[Made]) -> Made | None:
    """Return what the form with `data` made when it was sent before, if it was."""
    sent = data.get(NAME) and SentForm.objects.filter(pk=_fingerprint(data)).first()
    return kind._default_manager.get(pk=sent.made) if sent else None


@transaction.atomic
def once(data: QueryDict, make: Callable[[], Made], kind: type[Made]) -> Made:
    """Return what `make` makes; or what it made, if the form with `data` was sent before.

    A form that carries no input of ours counts as new. What `make` raises undoes all of it.
    """
    if not data.get(NAME):
        return make()
    # Of two that are sent at once the second waits here for the first.
    sent, is_new = SentForm.objects.get_or_create(pk=_fingerprint(data))
    if not is_new:
        return kind._default_manager.get(pk=sent.made)
    made = make()
    SentForm.objects.filter(pk=sent.pk).update(made=made.pk)
    return made


def forget_old_ones() -> None:
    """Delete what nobody sends again any more."""
    SentForm.objects.filter(sent_at__lt=timezone.now() - REMEMBERED).delete()


def _fingerprint(data: QueryDict) -> str:
    return blake2b(repr(sorted(data.lists())).encode(), digest_size=32).hexdigest()
