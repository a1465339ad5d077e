"""When a request may go (specification: Introduction, and GetPatientRecord).

SystmOne takes one request a second, and one GetPatientRecord in thirty seconds unless that asks for
demographics only or for entries of today only. One that comes too early gets no answer at all, so a
write that came too early would have an unknown outcome. This is a rule about the clock alone: it
waits for nothing and remembers nothing.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from systmone.protocol.times import LOCAL


@dataclass(frozen=True)
class Limits:
    """TPP's limits in seconds, which it may change without warning, and our distance from them.

    margin: seconds that a request may travel faster than the one before it.
    midnight: seconds around midnight in which SystmOne's clock may say another day than ours.
    """

    between_requests: float = 1.0
    between_records: float = 30.0
    margin: float = 0.012
    midnight: float = 60.0


TPP_LIMITS = Limits()


@dataclass(frozen=True)
class Past:
    """The last times at which requests went to one SystmOne client, as seconds of one clock.

    answered: when the last request had been answered or given up: SystmOne took it up before that.
    None where there was none.
    """

    sent: float | None = None
    answered: float | None = None
    record_sent: float | None = None
    record_answered: float | None = None

    def as_of(self, now: float) -> "Past":
        """The past without a future: where the clock was set back, all of it was just now."""
        return Past(
            **{name: None if at is None else min(at, now) for name, at in asdict(self).items()}
        )

    def after_sending(self, need: "Need", now: float) -> "Past":
        """The past once a request went at `now` and has no answer yet."""
        past = replace(self, sent=now, answered=None)
        return replace(past, record_sent=now, record_answered=None) if need.record_limit else past

    def after_answer(self, need: "Need", now: float) -> "Past":
        """The past once that request was answered, or given up, at `now`."""
        past = replace(self, answered=now)
        return replace(past, record_answered=now) if need.record_limit else past


NOTHING_SENT = Past()


@dataclass(frozen=True)
class Need:
    """What the rule has to know of a request.

    record_limit: whether the second limit holds for it.
    must_arrive: whether being dropped would leave an outcome unknown that matters (a write).
    """

    record_limit: bool = False
    must_arrive: bool = False


def earliest(need: Need, past: Past, limits: Limits) -> float:
    """The second, on the clock of `past`, from which the request may go; in the past if at once.

    A write goes one interval after the request before it was answered, when SystmOne had surely
    taken that up. A read need not wait for more than the margin between sending and taking up.
    """
    moments = [_next(need, past.sent, past.answered, limits.between_requests, limits)]
    if need.record_limit:
        moments.append(
            _next(need, past.record_sent, past.record_answered, limits.between_records, limits)
        )
    return max(moments)


def entries_of_today(first: date | None, last: date | None, now: datetime, limits: Limits) -> bool:
    """Whether a record filtered to entries from `first` to `last` counts as today's at SystmOne.

    Near midnight the answer is no, for its clock may already, or still, say another day.
    """
    around = timedelta(seconds=limits.midnight)
    days = {(now + shift).astimezone(LOCAL).date() for shift in (-around, around)}
    return days == {first} == {last}


def _next(
    need: Need, sent: float | None, answered: float | None, interval: float, limits: Limits
) -> float:
    if sent is None:
        return float("-inf")
    if not interval:
        return sent
    surely = sent + limits.margin if answered is None else answered
    taken_up_by = surely if need.must_arrive else min(surely, sent + limits.margin)
    return taken_up_by + interval
