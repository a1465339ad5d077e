"""How long a patient may be detained under each section of the Mental Health Act 1983.

One table, each row with its source in the Act as amended. It tells when a section ends unless it is
renewed, extended, or replaced by another; whether it does is for the people who care for it.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tasks.shifts import ONE_DAY, local, local_date
from wards.models import LegalStatus


@dataclass(frozen=True)
class Days:
    """A period of whole days: the day on which it begins is the first."""

    number: int

    def __str__(self) -> str:
        return f"{self.number} days"

    def ends(self, began: datetime) -> datetime:
        return _midnight(local_date(began) + timedelta(days=self.number))


@dataclass(frozen=True)
class Months:
    """A period of months: it ends before the day of the same number, or with a shorter month."""

    number: int

    def __str__(self) -> str:
        return f"{self.number} months"

    def ends(self, began: datetime) -> datetime:
        first = local_date(began)
        years, month = divmod(first.month - 1 + self.number, 12)
        year, month = first.year + years, month + 1
        last_of_month = date(year, month, monthrange(year, month)[1])
        if first.day > last_of_month.day:
            return _midnight(last_of_month + ONE_DAY)
        return _midnight(date(year, month, first.day))


@dataclass(frozen=True)
class Hours:
    """A period of hours from the moment on which it begins, also when the clocks change."""

    number: int

    def __str__(self) -> str:
        return f"{self.number} hours"

    def ends(self, began: datetime) -> datetime:
        return began.astimezone(UTC) + timedelta(hours=self.number)


@dataclass(frozen=True)
class Unlimited:
    """No period: an order, a sentence or a court's case decides."""

    def ends(self, began: datetime) -> None:
        return None


@dataclass(frozen=True)
class Section:
    """For how long one may be detained at first, where the Act says so, what may come next."""

    lasts: Days | Months | Hours | Unlimited
    source: str
    next: str = ""


CHANGE = "change to another section, or end it"  # it cannot be renewed
RENEW = "renew it (s.20), change or end it"
EXTEND = "the court extends or ends it"
REVOKE = "revoke the order (s.17F(4)), or release the patient"
ASSESS = "finish the assessment, or extend it (s.136B)"

# fmt: off
SECTIONS: Mapping[LegalStatus, Section] = {
    LegalStatus.SECTION_2:     Section(Days(28),    "s.2(4)", CHANGE),
    LegalStatus.SECTION_3:     Section(Months(6),   "s.20(1)", RENEW),
    LegalStatus.SECTION_4:     Section(Hours(72),   "s.4(4)", CHANGE),
    LegalStatus.SECTION_5_2:   Section(Hours(72),   "s.5(2)", CHANGE),
    LegalStatus.SECTION_5_4:   Section(Hours(6),    "s.5(4)", CHANGE),
    LegalStatus.RECALLED:      Section(Hours(72),   "s.17F(6) and (8)", REVOKE),
    LegalStatus.SECTION_35:    Section(Days(28),    "s.35(7); in all at most 12 weeks", EXTEND),
    LegalStatus.SECTION_36:    Section(Days(28),    "s.36(6); in all at most 12 weeks", EXTEND),
    LegalStatus.SECTION_37:    Section(Months(6),   "s.20(1), by s.40(4) and Schedule 1", RENEW),
    LegalStatus.SECTION_37_41: Section(Unlimited(), "s.41(3)(a)"),
    LegalStatus.SECTION_38:    Section(Days(84),    "s.38(5); the court may set less", EXTEND),
    LegalStatus.SECTION_47:    Section(Months(6),   "s.20(1), by s.47(3) and Schedule 1", RENEW),
    LegalStatus.SECTION_47_49: Section(Unlimited(), "s.49(2), s.41(3)(a); s.50"),
    LegalStatus.SECTION_48:    Section(Unlimited(), "s.51 to s.53"),
    LegalStatus.SECTION_48_49: Section(Unlimited(), "s.49(2), s.41(3)(a); s.51 to s.53"),
    LegalStatus.SECTION_135:   Section(Hours(24),   "s.135(3ZA); s.136B: 12 hours more", ASSESS),
    LegalStatus.SECTION_136:   Section(Hours(24),   "s.136(2A); s.136B: 12 hours more", ASSESS),
}
# fmt: on


def expires_at(status: LegalStatus, began: datetime) -> datetime | None:
    """Return the moment from which detention under `status`, begun at `began`, has no basis.

    `None` for an informal patient, and where the Act sets no period.
    """
    section = SECTIONS.get(status)
    return section.lasts.ends(began) if section else None


def _midnight(day: date) -> datetime:
    return local(day, time(0))
