"""The recurring work of a demo ward: what its day is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from library.models import Guide
from tasks.models import AuditType, Priority, Shift, TaskTemplate
from wards.models import Ward

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
MONDAY_TO_SATURDAY = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Work:
    """A piece of recurring work, and how it usually goes.

    Args:
        begins: minutes after the start of the shift.
        lasts: minutes.
        weekdays: ISO weekdays; empty if once a week, see `days_on`.
        by_nurse: only registered nurses do it.
        called_off: why it is sometimes cancelled; empty if it never is.
    """

    title: str
    shift: Shift
    begins: int
    lasts: int
    weekdays: tuple[int, ...] = EVERY_DAY
    priority: Priority = Priority.ROUTINE
    carry_over: bool = False
    by_nurse: bool = False
    audit_type: AuditType | None = None
    called_off: str = ""
    instructions: str = ""

    def days_on(self, ward_number: int) -> list[int]:
        """Return its weekdays on the ward of this number: wards take turns with what is weekly."""
        if self.weekdays:
            return list(self.weekdays)
        return [MONDAY_TO_FRIDAY[ward_number % len(MONDAY_TO_FRIDAY)]]


def _handover(shift: Shift) -> Work:
    return Work(
        "Handover, keys and alarms",
        shift,
        begins=2,
        lasts=25,
        priority=Priority.IMPORTANT,
        by_nurse=True,
        instructions="Every patient, with risk and leave. Count keys, alarms and radios.",
    )


# fmt: off
WARD_WORK = (
    _handover(Shift.EARLY),
    Work("Observations allocation", Shift.EARLY, 30, 10, priority=Priority.URGENT, by_nurse=True,
         instructions="A named person for every level and every hour of the day."),
    Work("Morning medication round", Shift.EARLY, 60, 50, priority=Priority.IMPORTANT,
         by_nurse=True),
    Work("Safety huddle", Shift.EARLY, 135, 15, priority=Priority.IMPORTANT,
         instructions="Risks, observations, leave, staffing, who is worried about whom."),
    Work("Bed state and staffing return", Shift.EARLY, 180, 15),
    Work("Community meeting", Shift.EARLY, 225, 40, weekdays=MONDAY_TO_FRIDAY,
         called_off="Patients asked to hold it tomorrow; noted in the minutes"),
    Work("Ward round preparation", Shift.EARLY, 285, 45, weekdays=(), by_nurse=True,
         instructions="Nursing reports written, families invited, section papers checked."),
    Work("Clinic room cleaning", Shift.EARLY, 345, 30, carry_over=True,
         instructions="As on the cleaning schedule; sign the sheet in the clinic room."),

    _handover(Shift.LATE),
    Work("Activity group", Shift.LATE, 90, 60, weekdays=MONDAY_TO_SATURDAY,
         called_off="Staff needed for an escort to the general hospital"),
    Work("Evening meal supervision", Shift.LATE, 205, 45,
         instructions="Cutlery counted out and in. Food and fluid charts filled in."),
    Work("Evening medication round", Shift.LATE, 260, 45, priority=Priority.IMPORTANT,
         by_nurse=True),
    Work("Linen and stock order", Shift.LATE, 345, 20, carry_over=True),

    _handover(Shift.NIGHT),
    Work("Night medication round", Shift.NIGHT, 50, 45, priority=Priority.IMPORTANT, by_nurse=True),
    Work("Doors and fire exits check", Shift.NIGHT, 140, 20, priority=Priority.IMPORTANT),
    Work("Medical devices cleaning", Shift.NIGHT, 400, 35, carry_over=True,
         instructions="Wipe down, put on charge, take out of use what has no service label."),
)

AUDIT_WORK = (
    Work("Controlled drugs count", Shift.EARLY, 35, 20, priority=Priority.IMPORTANT,
         carry_over=True, by_nurse=True, audit_type=AuditType.CONTROLLED_DRUGS),
    Work("Shift walkaround", Shift.EARLY, 45, 20, audit_type=AuditType.WALKAROUND),
    Work("Fridge temperature", Shift.EARLY, 75, 8, carry_over=True,
         audit_type=AuditType.FRIDGE_TEMPS),
    Work("Resuscitation equipment", Shift.EARLY, 150, 20, priority=Priority.IMPORTANT,
         carry_over=True, by_nurse=True, audit_type=AuditType.RESUS_CHECK),
    Work("Shift walkaround", Shift.LATE, 45, 20, audit_type=AuditType.WALKAROUND),
    Work("Water temperature", Shift.LATE, 165, 25, carry_over=True,
         audit_type=AuditType.WATER_TEMPS),
    Work("Fire safety", Shift.LATE, 300, 30, weekdays=(), carry_over=True,
         audit_type=AuditType.FIRE_SAFETY),
    Work("Shift walkaround", Shift.NIGHT, 45, 20, audit_type=AuditType.WALKAROUND),
    Work("Ligature points", Shift.NIGHT, 190, 40, priority=Priority.IMPORTANT, carry_over=True,
         audit_type=AuditType.LIGATURE_CHECK),
)
# fmt: on

WORK = (*WARD_WORK, *AUDIT_WORK)


def create_templates(wards: Sequence[Ward], *, active_from: date) -> None:
    """Store a template for each piece of work on each ward; audits link their guide."""
    guides = {guide.slug: guide for guide in Guide.objects.all()}
    TaskTemplate.objects.bulk_create(
        TaskTemplate(
            ward=ward,
            title=work.title,
            instructions=work.instructions,
            weekdays=work.days_on(number),
            shift=work.shift,
            priority=work.priority,
            audit_type=work.audit_type or "",
            guide=guides[guide_slug(work.audit_type)] if work.audit_type else None,
            carry_over=work.carry_over,
            active_from=active_from,
        )
        for number, ward in enumerate(wards)
        for work in WORK
    )


def guide_slug(audit_type: AuditType) -> str:
    """Return the public id of an audit type's guide, as the integration guide writes them."""
    return audit_type.value.replace("_", "-")
