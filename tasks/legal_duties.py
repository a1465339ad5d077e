"""What a patient's legal status asks the ward to do, and when: one table of rules.

A rule gives at most one duty at a time, which has a name of its own, its occasion: so that however
often the schedule asks, each duty becomes one task. The Hub knows the day on which a section began,
not the hour, and counts from the first minute of that day: a section may end later than the Hub
says, never earlier. The Act is the Mental Health Act 1983 as amended, the Code its Code of Practice
of 2015 for England.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tasks.legal_status import SECTIONS, Days, Hours, Months, expires_at
from tasks.models import Category, LegalWorkSettings, Priority
from tasks.shifts import LONDON, ONE_DAY, local, local_date
from wards.models import LegalStatus, Stay

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Duty:
    """Something to do once: a patient task that waits to be stored."""

    occasion: str
    title: str
    instructions: str
    category: Category
    priority: Priority
    due_on: date


@dataclass(frozen=True)
class Detention:
    """A patient's time under one section on these wards, as far as the Hub knows it.

    `explained_on` are the days on which rights were explained in it; `called_off_on` those for
    which somebody called a reminder about rights off, which explains nothing.
    """

    status: LegalStatus
    since: date
    admitted_on: date
    explained_on: Sequence[date]
    called_off_on: Sequence[date] = ()

    @property
    def ends(self) -> datetime | None:
        """The earliest moment at which it may end; `None`: the Act sets no period."""
        return expires_at(self.status, local(self.since, time(0)))

    @property
    def last_day(self) -> date:
        """The last day of which something is surely covered."""
        return local_date(self.ends - MOMENT) if self.ends else date.max

    def within(self, day: date) -> date:
        """Return `day`, or the nearest on which the patient is here under this section."""
        return min(max(day, self.since, self.admitted_on), self.last_day)


When = Callable[[Detention, LegalWorkSettings], date | None]


def _at_once(detention: Detention, settings: LegalWorkSettings) -> date:
    return detention.within(detention.since)


def _days_before(setting: str) -> When:
    def when(detention: Detention, settings: LegalWorkSettings) -> date:
        return detention.within(detention.last_day - timedelta(days=getattr(settings, setting)))

    return when


def _at_once_and_again(detention: Detention, settings: LegalWorkSettings) -> date | None:
    between = timedelta(days=settings.between_explanations)
    days = [
        *(day + between for day in detention.explained_on),
        *(day + ONE_DAY for day in detention.called_off_on),
    ]
    if not days:
        return detention.within(detention.since)
    return max(days) if max(days) <= detention.last_day else None


@dataclass(frozen=True)
class Rule:
    """A duty: under which sections it arises, when it is due, and where that is said.

    The `title` may name the `{section}`, when it `{ends}`, and what comes `{next}`.
    """

    name: str
    applies_to: Collection[LegalStatus]
    title: str
    when: When
    source: str


def _lasting(period: type) -> list[LegalStatus]:
    return [status for status, section in SECTIONS.items() if isinstance(section.lasts, period)]


EXPIRY, RIGHTS = "expiry", "rights"
DETAINED = [status for status in SECTIONS if status is not LegalStatus.RECALLED]

# fmt: off
RULES = (
    Rule(EXPIRY, _lasting(Hours),
         "{section} may end {ends}: {next}", _at_once,
         "The period is over within hours."),
    Rule(EXPIRY, _lasting(Days),
         "{section} ends {ends}: {next}", _days_before("before_end_of_days"),
         "The Mental Health Act leaves the time to the trust's policy."),
    Rule(EXPIRY, _lasting(Months),
         "{section} ends {ends}: {next}", _days_before("before_end_of_months"),
         "Mental Health Act, s.20(3): the patient is examined in the last two months."),
    Rule(RIGHTS, DETAINED,
         "Explain rights under section 132", _at_once_and_again,
         "Mental Health Act, s.132(1) to (3): as soon as practicable, in words and in writing. "
         "Code of Practice, chapter 4: again from time to time, and when the section is renewed or "
         "changed."),
    Rule(RIGHTS, [LegalStatus.RECALLED],
         "Explain rights under sections 132 and 132A", _at_once_and_again,
         "Mental Health Act, s.132 and s.132A. Code of Practice, 4.9: when they are recalled."),
)
# fmt: on
"""At most one rule of a name applies to a section."""

WITHOUT_ADVOCATE = {  # s.130C(2)
    LegalStatus.SECTION_4,
    LegalStatus.SECTION_5_2,
    LegalStatus.SECTION_5_4,
    LegalStatus.SECTION_135,
    LegalStatus.SECTION_136,
}


def duties_of(detention: Detention, settings: LegalWorkSettings) -> Mapping[str, Duty]:
    """Return the duties that stand now, by occasion: to be done, or done already."""
    duties = {}
    for rule in RULES:
        if detention.status in rule.applies_to:
            due_on = rule.when(detention, settings)
            if due_on:
                duty = _duty(rule, detention, due_on)
                duties[duty.occasion] = duty
    return duties


def occasion_prefix(name: str, status: str, since: date) -> str:
    """Return how the occasions of a rule begin that belong to one time under one section."""
    return f"{name} {status} {since.isoformat()} "


def detention_of(
    stay: Stay, *, explained_on: Sequence[date], called_off_on: Sequence[date]
) -> Detention | None:
    """Return the detention of `stay` as it stands; `None` for an informal patient."""
    if stay.legal_status == LegalStatus.INFORMAL or stay.legal_status_since is None:
        return None
    return Detention(
        status=LegalStatus(stay.legal_status),
        since=stay.legal_status_since,
        admitted_on=local_date(stay.admitted_at),
        explained_on=explained_on,
        called_off_on=called_off_on,
    )


def _duty(rule: Rule, detention: Detention, due_on: date) -> Duty:
    section = SECTIONS[detention.status]
    settled = len(detention.explained_on) + len(detention.called_off_on)
    number = settled + 1 if rule.name == RIGHTS else 1
    is_short = isinstance(section.lasts, Hours) and rule.name == EXPIRY
    return Duty(
        occasion=f"{occasion_prefix(rule.name, detention.status, detention.since)}{number}",
        title=rule.title.format(
            section=_section_in_words(detention.status),
            ends=_end_in_words(detention),
            next=section.next,
        ),
        instructions=_of_rights(rule, detention) if rule.name == RIGHTS else _of_expiry(detention),
        category=Category.OTHER if rule.name == RIGHTS else Category.DOCUMENTATION,
        priority=Priority.URGENT if is_short else Priority.IMPORTANT,
        due_on=due_on,
    )


def _section_in_words(status: LegalStatus) -> str:
    return "The recall (section 17E)" if status is LegalStatus.RECALLED else status.label


def _end_in_words(detention: Detention) -> str:
    if detention.ends is None:
        return ""
    end = detention.ends.astimezone(LONDON)
    if end.time() == time(0):
        return f"at the end of {_in_words(end.date() - ONE_DAY)}"
    return f"at {end:%H:%M} on {_in_words(end.date())}"


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _of_expiry(detention: Detention) -> str:
    section = SECTIONS[detention.status]
    counted = (
        f"{section.lasts} from {_in_words(detention.since)}: Mental Health Act, {section.source}."
    )
    if isinstance(section.lasts, Hours):
        return (
            f"{counted} The Hub knows the day on which it began, not the hour, and counts from the "
            "first minute of that day. The section papers say the hour."
        )
    return (
        f"{counted} The section papers decide. When it is renewed or extended, enter the day on "
        "which the new period begins, under Edit details."
    )


def _of_rights(rule: Rule, detention: Detention) -> str:
    advocate = (
        ""
        if detention.status in WITHOUT_ADVOCATE
        else " Say also how an independent mental health advocate can help (s.130D)."
    )
    return (
        "Tell the patient, in words and in writing, under which section they are here, what it "
        "means, and how to apply to the tribunal and the hospital managers."
        f"{advocate} Write down whether the patient understood. {rule.source}"
    )
