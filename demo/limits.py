"""Between which values the demo trust wants its fridges and taps; each trust decides its own."""

from assurance.models import ReadingLimit
from tasks.models import AuditType

LIMITS = (
    (AuditType.FRIDGE_TEMPS, "currentTemp", "°C", 2, 8),
    (AuditType.FRIDGE_TEMPS, "minTemp", "°C", 2, 8),
    (AuditType.FRIDGE_TEMPS, "maxTemp", "°C", 2, 8),
    (AuditType.WATER_TEMPS, "hotTemp", "°C", 55, None),
    (AuditType.WATER_TEMPS, "mixedTemp", "°C", None, 41),
    (AuditType.WATER_TEMPS, "coldTemp", "°C", None, 20),
    (AuditType.CONTROLLED_DRUGS, "discrepancies", "", None, 0),
    (AuditType.RESUS_CHECK, "oxygenPercent", "%", 50, None),
    (AuditType.LIGATURE_CHECK, "newPoints", "", None, 0),
)


def create_limits() -> None:
    """Create the limits of the demo trust."""
    ReadingLimit.objects.bulk_create(
        ReadingLimit(audit_type=audit, reading=reading, unit=unit, lowest=lowest, highest=highest)
        for audit, reading, unit, lowest, highest in LIMITS
    )
