"""What people do to gateways, and what stops them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit.events import record
from systmone.models import Attempt, Call, Gateway, GatewayWard, State
from wards import wake_up
from wards.actors import Actor
from wards.features import Feature, check_available
from wards.models import Ward


@transaction.atomic
def add(*, gateway: Gateway, wards: Collection[Ward], by: Actor) -> Gateway:
    """Save a new `gateway` for `wards`; a ward that another one served moves to it."""
    check_available(Feature.SYSTMONE)
    gateway.save(force_insert=True)
    serve(gateway=gateway, wards=wards)
    _record("create", gateway, by, wards=[ward.name for ward in wards])
    return gateway


@transaction.atomic
def change(
    *, gateway: Gateway, wards: Collection[Ward], fields: Collection[str], by: Actor
) -> None:
    """Save the changed `fields` of `gateway`, and which wards it serves now.

    All else stays as it is in the database, such as a device id that SystmOne gave meanwhile.
    """
    gateway.save(update_fields=fields)
    gateway.wards_served.exclude(ward__in=wards).delete()
    serve(gateway=gateway, wards=wards)
    names = [ward.name for ward in wards]
    _record("change", gateway, by, wards=names, changed=sorted(fields))
    wake_up.on_commit("systmone.jobs.speak", gateway.pk)


def serve(*, gateway: Gateway, wards: Collection[Ward]) -> None:
    """Let `gateway` serve `wards`, each of which has one gateway.

    What waits of them and never left the Hub goes this way now. What did leave stays with the
    gateway that knows of it, and so do looks into the record and deletions.
    """
    for ward in wards:
        GatewayWard.objects.update_or_create(ward=ward, defaults={"gateway": gateway})
    sent = Attempt.objects.filter(call=OuterRef("pk")).exclude(outcome=Attempt.Outcome.NOT_SENT)
    waiting = Call.objects.filter(
        ~Exists(sent), ward__in=wards, state=State.QUEUED, checks=None, withdraws=None
    )
    if waiting.exclude(gateway=gateway).update(gateway=gateway):
        wake_up.on_commit("systmone.jobs.speak", gateway.pk)


@transaction.atomic
def switch_off(*, gateway: Gateway, by: Actor) -> None:
    """Let nothing go out any more; calls wait. Does nothing if it is off already."""
    if Gateway.objects.filter(pk=gateway.pk, is_on=True).update(is_on=False):
        gateway.refresh_from_db()
        _record("switch_off", gateway, by)


@transaction.atomic
def switch_on(*, gateway: Gateway, by: Actor) -> None:
    """Let calls go out again, whatever had stopped them."""
    Gateway.objects.filter(pk=gateway.pk).update(is_on=True, stopped_at=None, stopped_because="")
    gateway.refresh_from_db()
    _record("switch_on", gateway, by)
    wake_up.on_commit("systmone.jobs.speak", gateway.pk)


def stop(*, gateway: Gateway, why: str, by: Actor, at: datetime | None = None) -> None:
    """Stop `gateway` until a person starts it again: what it met does not mend itself."""
    going = Gateway.objects.filter(pk=gateway.pk, stopped_at=None)
    if going.update(stopped_at=at or timezone.now(), stopped_because=why[:300]):
        gateway.refresh_from_db()
        _record("stop", gateway, by)


def keep_device_id(*, gateway: Gateway, device_id: str, by: Actor) -> None:
    """Keep the id that SystmOne gave the Hub when its user approved."""
    with transaction.atomic():
        Gateway.objects.filter(pk=gateway.pk).update(device_id=device_id)
        _record("keep_device_id", gateway, by)
    gateway.device_id = device_id


def is_looking_for_something(gateway: Gateway) -> bool:
    """Say whether the Hub may still have to look, behind this gateway, for what it has sent."""
    return Call.objects.filter(gateway=gateway, state__in=[State.SENDING, State.CHECKING]).exists()


def gateway_of(ward: Ward) -> Gateway | None:
    """Return the gateway that serves `ward`, if there is one."""
    return Gateway.objects.filter(wards_served__ward=ward).first()


def _record(action: str, gateway: Gateway, by: Actor, **detail: Any) -> None:
    record(
        by=by,
        action=f"gateway.{action}",
        object_type="gateway",
        object_id=str(gateway.pk),
        detail={"name": gateway.name, **detail},
    )
