"""Reads of calls and gateways, always within the wards that a person sees."""

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from systmone.models import Attempt, Call, Gateway
from wards.access import wards_visible_to
from wards.models import Role, Stay, User, Ward


def needing_somebody(wards: QuerySet[Ward]) -> QuerySet[Call]:
    """Return what a person must look after, the oldest first; `ward_now` is where the patient is.

    Whoever cares for the patient now does it, wherever the note was written.
    """
    stays = Stay.objects.filter(patient=OuterRef("patient"))
    latest = stays.order_by(F("discharged_at").desc(nulls_first=True), "-pk")
    calls = Call.objects.needing_somebody().annotate(
        ward_now=Coalesce(
            Subquery(latest.values("ward")[:1]), "ward", output_field=BigIntegerField()
        )
    )
    return calls.filter(ward_now__in=wards.values("pk")).order_by("created_at")


def waiting_since() -> Coalesce:
    """Since when a call waits: since it was first tried, or could first have been sent.

    It begins anew where a person has said "send it again".
    """
    attempts = Attempt.objects.filter(
        Q(call__decided_at=None) | Q(started_at__gt=F("call__decided_at")), call=OuterRef("pk")
    ).order_by("pk")
    return Coalesce(Subquery(attempts.values("started_at")[:1]), "not_before")


def wards_run_by(user: User) -> QuerySet[Ward]:
    """Return the wards that `user` runs: all of them for a senior admin."""
    return wards_visible_to(user, role=Role.WARD_ADMIN)


def gateways_run_by(user: User) -> QuerySet[Gateway]:
    """Return the gateways of the wards that `user` runs: all of them for a senior admin."""
    if user.highest_role == Role.SENIOR_ADMIN:
        return Gateway.objects.all()
    return Gateway.objects.filter(wards_served__ward__in=wards_run_by(user)).distinct()


def calls_run_by(user: User) -> QuerySet[Call]:
    """Return the calls of the wards that `user` runs: all of them for a senior admin."""
    if user.highest_role == Role.SENIOR_ADMIN:
        return Call.objects.all()
    return Call.objects.filter(ward__in=wards_run_by(user))
