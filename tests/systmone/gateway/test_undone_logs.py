"""The log of a discharge that was undone: taken back, or deleted before another one is sent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from systmone.discharge_logs import EARLIER_LOG, call_of, push
from systmone.models import Call, DischargeLogs, Gateway, State
from systmone.simulator import Simulator
from systmone.writing import NotPushed, withdraw
from tests.factories import senior_admin
from tests.systmone.gateway.conftest import Discharge, spoken, times_in_record
from tests.systmone.gateway.test_discharge_logs import (
    BOTH,
    call_for,
    log_page,
    set_to,
    text_of,
    written,
)
from wards.actors import Actor, person
from wards.models import Stay, User
from wards.reopening import reopen


@pytest.fixture
def samir(db: None) -> Actor:
    return person(senior_admin(name="Samir Patel"))


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


def test_a_log_that_waits_is_taken_back_when_the_stay_is_reopened(
    gateway: Gateway, stay: Stay, discharge: Discharge, samir: Actor
) -> None:
    set_to(DischargeLogs.PUSH)
    ended = discharge(stay)
    call = call_for(ended)
    reopen(stay=ended, reason="A mistake", by=samir)
    call.refresh_from_db()
    assert call.state == State.CANCELLED


def test_a_log_that_was_on_its_way_when_the_stay_was_reopened_is_not_sent_again(
    *,
    gateway: Gateway,
    stay: Stay,
    discharge: Discharge,
    simulator: Simulator,
    samir: Actor,
    page: Client,
) -> None:
    set_to(DischargeLogs.PUSH)
    ended = discharge(stay)
    Call.objects.update(state=State.SENDING)
    reopen(stay=ended, reason="A mistake", by=samir)
    Call.objects.update(state=State.QUEUED)  # surely not done, and tried again by itself
    call = spoken(gateway, call_for(ended))
    assert call.state == State.FAILED
    assert times_in_record(simulator, call.reference) == 0
    shown = text_of(page, f"/patients/{stay.patient_id}/")
    assert "The discharge was undone, so its log is not true any more" in shown
    assert "Leave it unsent" in shown


def test_the_log_of_an_undone_discharge_is_deleted_before_the_second_is_pushed(
    *,
    gateway: Gateway,
    stay: Stay,
    discharge: Discharge,
    simulator: Simulator,
    samir: Actor,
    sarah: User,
    page: Client,
) -> None:
    set_to(DischargeLogs.PUSH)
    first = spoken(gateway, call_for(discharge(stay)))
    stay.refresh_from_db()
    reopened = reopen(stay=stay, reason="A mistake", by=samir)
    assert "log of a discharge that was undone" in text_of(page, f"/patients/{stay.patient_id}/")

    again = discharge(reopened)
    assert call_of(again) == first
    shown = text_of(page, log_page(again))
    assert EARLIER_LOG in shown
    assert f"{log_page(again)}systmone/delete/" in shown
    with pytest.raises(NotPushed, match="delete that from SystmOne first"):
        push(stay=again, by=person(sarah))

    page.post(f"{log_page(again)}systmone/delete/", {"reason": "The stay was reopened"})
    spoken(gateway, first.withdrawn_by.get())
    assert "Deleted from SystmOne at" in text_of(page, log_page(again))
    page.post(f"{log_page(again)}systmone/", BOTH)
    second = spoken(gateway, call_for(again))
    assert second != first
    assert "Stay reopened" in written(second)
    assert times_in_record(simulator, first.reference) == 0
    assert times_in_record(simulator, second.reference) == 1


def test_a_log_may_be_deleted_as_long_as_a_stay_may_be_reopened(
    gateway: Gateway, stay: Stay, discharge: Discharge, sarah: User
) -> None:
    set_to(DischargeLogs.PUSH)
    call = spoken(gateway, call_for(discharge(stay)))
    later = timezone.now() + timedelta(days=30)
    assert withdraw(call=call, reason="Reopened", by=person(sarah), at=later).withdraws == call


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (2, False)])
def test_that_the_log_of_an_undone_discharge_was_deleted_is_told_for_a_day(
    *,
    gateway: Gateway,
    stay: Stay,
    discharge: Discharge,
    samir: Actor,
    page: Client,
    days: int,
    is_told: bool,
) -> None:
    set_to(DischargeLogs.PUSH)
    first = spoken(gateway, call_for(discharge(stay)))
    stay.refresh_from_db()
    reopen(stay=stay, reason="A mistake", by=samir)
    address = f"/patients/{stay.patient_id}/"
    assert "SystmOne still has it: delete it" in text_of(page, address)
    page.post(f"{log_page(stay)}systmone/delete/", {"reason": "The stay was reopened"})
    deleted = spoken(gateway, first.withdrawn_by.get())
    Call.objects.filter(pk=deleted.pk).update(settled_at=timezone.now() - timedelta(days=days))
    shown = text_of(page, address)
    assert "SystmOne still has it" not in shown
    assert ("This is about the audit log of a discharge that was undone." in shown) is is_told
