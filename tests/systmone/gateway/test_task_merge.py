"""Which side's change wins: a table, and what must hold for every row of it."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from systmone.task_merge import TABLE, Changed, Do, Outcome, Side, merge

HERE, THERE = st.sampled_from(Side), st.sampled_from([Side.OPEN, Side.DONE])


def after(here: Side, outcome: Outcome) -> Side:
    return {Do.NOTHING: here, Do.COMPLETE: Side.DONE, Do.REOPEN: Side.OPEN}[outcome.do]


def test_the_table_has_every_case_and_no_other() -> None:
    assert set(TABLE) == set(product(Changed, Side, [Side.OPEN, Side.DONE]))


@given(before_here=HERE, here=HERE, before_there=THERE, there=THERE)
def test_whatever_changed(before_here: Side, here: Side, before_there: Side, there: Side) -> None:
    outcome = merge(before_here=before_here, here=here, before_there=before_there, there=there)
    result = after(here, outcome)
    changed_here, changed_there = here != before_here, there != before_there
    if not changed_there:
        assert outcome == Outcome(Do.NOTHING), "what did not change there changes nothing here"
    elif not changed_here:
        assert result == there or here == Side.CALLED_OFF, "the only change wins"
        assert not outcome.conflict
    if changed_here and changed_there:
        assert Side.DONE not in (here, there) or result == Side.DONE, "what is done stays done"
        assert bool(outcome.conflict) == (here != there), "and a person is told where they differ"
    again = merge(before_here=result, here=result, before_there=there, there=there)
    assert again == Outcome(Do.NOTHING), "compared again, nothing happens"


@given(st.data())
def test_a_task_that_somebody_called_off_never_opens_by_itself(data: st.DataObject) -> None:
    outcome = merge(
        before_here=data.draw(HERE),
        here=Side.CALLED_OFF,
        before_there=data.draw(THERE),
        there=data.draw(THERE),
    )
    assert outcome.do is not Do.REOPEN
