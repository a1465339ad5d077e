"""How a ward kept up its audits: by day, by month, and over the months.

It rests on the diary's tasks, so an audit that was completed by hand counts, too. A cancelled audit
was not done: it counts as one that was due, and is told with its reason.
"""

from calendar import Calendar as Weeks
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from assurance.expected import ExpectedAudit, Fate, expected_audits
from tasks.models import AuditType
from tasks.shifts import ONE_DAY
from wards.bar_chart import Bar, Chart, draw
from wards.models import Ward

MONTHS = 12
FINE = (Fate.IN_TIME, Fate.TO_DO)

# In the order of the parts of a bar from below; the keys name their colours.
DRAWN: Mapping[str, Fate] = {
    "answered": Fate.IN_TIME,
    "refused": Fate.LATE,
    "unclear": Fate.MISSED,
    "not-sent": Fate.CANCELLED,
}


@dataclass(frozen=True)
class Tally:
    """How many audits came to what; `due` leaves out what is still to do."""

    in_time: int
    late: int
    missed: int
    cancelled: int
    to_do: int
    out_of_range: int

    @classmethod
    def of(cls, audits: Iterable[ExpectedAudit]) -> "Tally":
        """Return the tally of `audits`."""
        fates: Counter[Fate] = Counter()
        out_of_range = 0
        for audit in audits:
            fates[audit.fate] += 1
            out_of_range += audit.is_out_of_range
        return cls(**{fate.value: fates[fate] for fate in Fate}, out_of_range=out_of_range)

    @property
    def due(self) -> int:
        return self.in_time + self.late + self.missed + self.cancelled

    @property
    def percent(self) -> int | None:
        """How much of what was due was done in time, rounded down; None if nothing was due."""
        return 100 * self.in_time // self.due if self.due else None


@dataclass(frozen=True)
class Line:
    """A tally and what it is of: a type, a ward, a month."""

    name: str
    tally: Tally


@dataclass(frozen=True)
class Day:
    """A day in a calendar; of another month, it is empty."""

    day: date
    audits: Sequence[ExpectedAudit]


@dataclass(frozen=True)
class Calendar:
    """A month's audits of one type, week by week; `shifts` tells whether to name the shift."""

    audit_type: AuditType
    weeks: Sequence[Sequence[Day | None]]
    has_shifts: bool


@dataclass(frozen=True)
class WardMonth:
    """What became of a ward's audits in a month."""

    ward: Ward
    by_type: Mapping[AuditType, Sequence[ExpectedAudit]]

    @property
    def types(self) -> list[Line]:
        return [Line(each.label, Tally.of(audits)) for each, audits in self.by_type.items()]

    @property
    def cells(self) -> list[Tally]:
        """A tally of every type, also of those that the ward has not."""
        return [Tally.of(self.by_type.get(each, ())) for each in AuditType]

    @property
    def total(self) -> Tally:
        return Tally.of(chain.from_iterable(self.by_type.values()))

    @property
    def all(self) -> Line:
        return Line("All", self.total)

    @property
    def to_explain(self) -> list[ExpectedAudit]:
        """What somebody may ask about: not done in time, or out of range; in order of time."""
        audits = chain.from_iterable(self.by_type.values())
        asked = [audit for audit in audits if audit.fate not in FINE or audit.is_out_of_range]
        return sorted(asked, key=lambda audit: audit.due)


@dataclass(frozen=True)
class WardReport:
    """A ward's month day by day, and the year up to it."""

    month: WardMonth
    calendars: Sequence[Calendar]
    months: Sequence[Line]
    chart: Chart


def last_day(month: date) -> date:
    """Return the last day of the month that begins on `month`."""
    return _months_later(month, 1) - ONE_DAY


def ward_report(ward: Ward, month: date, now: datetime) -> WardReport:
    """Return the report of `ward` for the month that begins on `month`."""
    first = _months_later(month, 1 - MONTHS)
    by_month: dict[date, list[ExpectedAudit]] = defaultdict(list)
    for audit in expected_audits([ward], first=first, last=last_day(month), now=now):
        by_month[audit.task.due_on.replace(day=1)].append(audit)
    this = WardMonth(ward, _by_type(by_month[month]))
    months = [_months_later(first, later) for later in range(MONTHS)]
    lines = [Line(f"{each:%b %Y}", Tally.of(by_month[each])) for each in months]
    return WardReport(
        month=this,
        calendars=[_calendar(each, audits, month) for each, audits in this.by_type.items()],
        months=lines,
        chart=_chart(lines),
    )


def ward_months(wards: Collection[Ward], month: date, now: datetime) -> list[WardMonth]:
    """Return how each of `wards` did in the month that begins on `month`."""
    by_ward: dict[int, list[ExpectedAudit]] = defaultdict(list)
    for audit in expected_audits(wards, first=month, last=last_day(month), now=now):
        by_ward[audit.ward.pk].append(audit)
    return [WardMonth(ward, _by_type(by_ward[ward.pk])) for ward in wards]


def _by_type(audits: Iterable[ExpectedAudit]) -> Mapping[AuditType, Sequence[ExpectedAudit]]:
    found: dict[AuditType, list[ExpectedAudit]] = {each: [] for each in AuditType}
    for audit in audits:
        found[audit.audit_type].append(audit)
    return {each: theirs for each, theirs in found.items() if theirs}


def _calendar(each: AuditType, audits: Sequence[ExpectedAudit], month: date) -> Calendar:
    by_day: dict[date, list[ExpectedAudit]] = defaultdict(list)
    for audit in audits:
        by_day[audit.task.due_on].append(audit)
    weeks = [
        [Day(day, by_day[day]) if day.month == month.month else None for day in week]
        for week in Weeks().monthdatescalendar(month.year, month.month)
    ]
    return Calendar(each, weeks, has_shifts=len({audit.task.shift for audit in audits}) > 1)


def _chart(months: Sequence[Line]) -> Chart:
    bars = [
        Bar(line.name, tuple(getattr(line.tally, fate.value) for fate in DRAWN.values()))
        for line in months
    ]
    return draw(bars, {kind: str(fate.label) for kind, fate in DRAWN.items()})


def _months_later(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)
