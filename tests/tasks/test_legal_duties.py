"""What a legal status asks for: a table of cases, and what holds for every case there can be."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.legal_duties import EXPIRY, RIGHTS, RULES, Detention, Duty, duties_of
from tasks.legal_status import SECTIONS, expires_at
from tasks.models import LegalWorkSettings
from tasks.shifts import local, local_date
from wards.models import LegalStatus

SINCE = date(2026, 11, 3)
DEFAULTS = LegalWorkSettings()


def duty(
    name: str, status: str, *explained_on: date, admitted_on: date = SINCE, **settings: int
) -> Duty | None:
    """Return the duty that the rule of this name makes of a section since 3 November 2026."""
    detention = Detention(LegalStatus(status), SINCE, admitted_on, explained_on)
    duties = duties_of(detention, LegalWorkSettings(**settings)).values()
    return next((one for one in duties if one.occasion.startswith(name)), None)


CHANGE = "change to another section, or end it"

# fmt: off
EXPIRIES = [
    # status, due,               ends
    ("2",     date(2026, 11, 23), "Section 2 ends at the end of 30 November 2026", CHANGE),
    ("3",     date(2027, 4, 4),   "Section 3 ends at the end of 2 May 2027",
                                  "renew it (s.20), change or end it"),
    ("35",    date(2026, 11, 23), "Section 35 ends at the end of 30 November 2026",
                                  "the court extends or ends it"),
    ("38",    date(2027, 1, 18),  "Section 38 ends at the end of 25 January 2027",
                                  "the court extends or ends it"),
    ("5(2)",  SINCE,              "Section 5(2) may end at the end of 5 November 2026", CHANGE),
    ("5(4)",  SINCE,              "Section 5(4) may end at 06:00 on 3 November 2026", CHANGE),
    ("136",   SINCE,              "Section 136 may end at the end of 3 November 2026",
                                  "finish the assessment, or extend it (s.136B)"),
    ("17E",   SINCE,              "The recall (section 17E) may end at the end of 5 November 2026",
                                  "revoke the order (s.17F(4)), or release the patient"),
]
# fmt: on


@pytest.mark.parametrize(("status", "due_on", "ends", "what_next"), EXPIRIES)
def test_the_end_of_a_section_is_due_in_time_and_says_what_may_follow(
    status: str, due_on: date, ends: str, what_next: str
) -> None:
    found = duty(EXPIRY, status)
    assert found
    assert (found.due_on, found.title) == (due_on, f"{ends}: {what_next}")


@pytest.mark.parametrize("status", ["37/41", "47/49", "48", "48/49"])
def test_without_a_period_only_rights_are_due(status: str) -> None:
    assert duty(EXPIRY, status) is None
    assert duty(RIGHTS, status)


def test_the_ward_says_how_early_a_reminder_comes() -> None:
    found = duty(EXPIRY, "2", before_end_of_days=3), duty(EXPIRY, "3", before_end_of_months=56)
    assert [one and one.due_on for one in found] == [date(2026, 11, 27), date(2027, 3, 7)]


def test_a_section_of_hours_says_that_it_is_counted_from_the_first_minute() -> None:
    found = duty(EXPIRY, "5(2)")
    assert found
    assert "72 hours from 3 November 2026: Mental Health Act, s.5(2)." in found.instructions
    assert "first minute of that day" in found.instructions


class TestRights:
    def test_are_explained_at_once_and_again_after_an_interval(self) -> None:
        first, second = duty(RIGHTS, "3"), duty(RIGHTS, "3", date(2026, 11, 5))
        assert first
        assert second
        assert (first.due_on, second.due_on) == (SINCE, date(2026, 12, 3))
        assert first.occasion != second.occasion
        assert first.title == "Explain rights under section 132"

    def test_are_due_from_the_admission_for_who_comes_detained(self) -> None:
        found = duty(RIGHTS, "3", admitted_on=date(2026, 11, 20))
        assert found
        assert found.due_on == date(2026, 11, 20)

    def test_are_not_explained_again_after_the_section(self) -> None:
        assert duty(RIGHTS, "2", date(2026, 11, 3)) is None
        assert duty(RIGHTS, "2", date(2026, 11, 3), between_explanations=14)

    def test_of_who_is_recalled_are_those_of_a_community_patient_too(self) -> None:
        found = duty(RIGHTS, "17E")
        assert found
        assert found.title == "Explain rights under sections 132 and 132A"

    @pytest.mark.parametrize("status", SECTIONS)
    def test_tell_of_an_advocate_whom_the_act_gives_one(self, status: LegalStatus) -> None:
        found = duty(RIGHTS, status)
        assert found
        has_none = status in ("4", "5(2)", "5(4)", "135", "136")
        assert ("s.130D" in found.instructions) == (not has_none)


def test_every_rule_has_a_source_and_every_section_its_rights() -> None:
    assert all("Act" in rule.source or rule.source.startswith("The period") for rule in RULES)
    assert {one for rule in RULES if rule.name == RIGHTS for one in rule.applies_to} == {*SECTIONS}


DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
NUMBER_OF_DAYS = st.integers(1, 366)


@st.composite
def detentions(draw: st.DrawFn) -> Detention:
    since = draw(DAYS)
    explained = draw(st.lists(st.integers(0, 700), max_size=5))
    return Detention(
        status=draw(st.sampled_from([*SECTIONS])),
        since=since,
        admitted_on=since + timedelta(days=draw(st.integers(-60, 60))),
        explained_on=sorted(since + timedelta(days=number) for number in explained),
    )


@given(
    detentions(),
    st.builds(
        LegalWorkSettings,
        before_end_of_days=NUMBER_OF_DAYS,
        before_end_of_months=NUMBER_OF_DAYS,
        between_explanations=NUMBER_OF_DAYS,
    ),
)
def test_no_duty_is_due_after_the_section_or_before_it_and_each_fits_a_task(
    detention: Detention, settings: LegalWorkSettings
) -> None:
    duties = duties_of(detention, settings)
    ends = expires_at(detention.status, local(detention.since, time(0)))
    for one in duties.values():
        assert one.due_on >= detention.since
        assert ends is None or one.due_on <= local_date(ends - timedelta(microseconds=1))
        assert len(one.title) <= 120
        assert len(one.instructions) <= 2000
        assert len(one.occasion) <= 60
    names = [occasion.split()[0] for occasion in duties]
    assert len(names) == len(set(names))
    assert (EXPIRY in names) == (ends is not None)
    assert duties == duties_of(detention, settings)
