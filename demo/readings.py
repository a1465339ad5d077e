"""What a nurse enters on the Assurance Dashboard at an audit: plausible values, all invented."""

from collections.abc import Callable
from random import Random
from typing import Any

from tasks.models import AuditType

Values = dict[str, Any]


def readings(audit_type: AuditType, chance: Random) -> Values:
    """Return values in range, as an audit of this type would have them."""
    return {**READINGS[audit_type](chance), "inRange": True}


def too_warm_fridge() -> Values:
    """Return the values of a medicines fridge whose door stood open."""
    return {"currentTemp": 9.4, "minTemp": 3.9, "maxTemp": 10.1, "inRange": False}


def out_of_range(audit_type: AuditType, values: Values) -> Values:
    """Return `values` of such an audit as the dashboard has them that finds fault."""
    if audit_type == AuditType.FRIDGE_TEMPS:
        return too_warm_fridge()
    return {**values, **FAULTS[audit_type], "inRange": False}


def _fridge(chance: Random) -> Values:
    current = round(chance.uniform(3.6, 5.8), 1)
    lowest = round(current - chance.uniform(0.3, 1.4), 1)
    highest = round(current + chance.uniform(0.4, 1.9), 1)
    return {"currentTemp": current, "minTemp": lowest, "maxTemp": highest}


def _water(chance: Random) -> Values:
    return {
        "hotTemp": round(chance.uniform(55.5, 60.5), 1),
        "mixedTemp": round(chance.uniform(38.5, 40.9), 1),
        "coldTemp": round(chance.uniform(11.5, 17.5), 1),
        "outletsFlushed": chance.randint(3, 6),
    }


def _walkaround(chance: Random) -> Values:
    on_leave = chance.randint(0, 3)
    return {
        "patientsSeen": chance.randint(9, 15) - on_leave,
        "patientsOnLeave": on_leave,
        "exitsClear": True,
        "alarmsCounted": chance.randint(12, 16),
    }


def _controlled_drugs(chance: Random) -> Values:
    return {"linesCounted": chance.randint(6, 14), "discrepancies": 0}


def _resuscitation(chance: Random) -> Values:
    return {
        "sealIntact": True,
        "defibrillatorReady": True,
        "oxygenPercent": chance.choice((80, 85, 90, 95, 100)),
        "suctionWorks": True,
    }


def _fire(chance: Random) -> Values:
    return {"exitsClear": True, "fireDoorsClose": True, "extinguishersSeen": chance.randint(6, 9)}


def _ligature(chance: Random) -> Values:
    return {"roomsWalked": chance.randint(22, 30), "newPoints": 0, "cuttersInPlace": True}


READINGS: dict[AuditType, Callable[[Random], Values]] = {
    AuditType.FRIDGE_TEMPS: _fridge,
    AuditType.WATER_TEMPS: _water,
    AuditType.WALKAROUND: _walkaround,
    AuditType.CONTROLLED_DRUGS: _controlled_drugs,
    AuditType.RESUS_CHECK: _resuscitation,
    AuditType.FIRE_SAFETY: _fire,
    AuditType.LIGATURE_CHECK: _ligature,
}

FAULTS: dict[AuditType, Values] = {
    AuditType.WATER_TEMPS: {"hotTemp": 47.5},
    AuditType.WALKAROUND: {"exitsClear": False},
    AuditType.CONTROLLED_DRUGS: {"discrepancies": 1},
    AuditType.RESUS_CHECK: {"sealIntact": False},
    AuditType.FIRE_SAFETY: {"fireDoorsClose": False},
    AuditType.LIGATURE_CHECK: {"newPoints": 1},
}
