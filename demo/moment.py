"""The moment at which the visitor looks: at any hour there is something to see and to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from demo.chance import chance_for
from demo.crews import Crew
from demo.stories import Step, Story
from tasks.models import Priority
from tasks.shifts import ShiftOnDay
from tasks.transitions import Action
from wards.actors import person

AUDITS_TO_DO = 2


def arrange(stories: Sequence[Story], *, on_duty: ShiftOnDay, crew: Crew, now: datetime) -> None:
    """Change the stories of one ward so that its page is worth a look at `now`.

    On the shift on duty the last audits are still to do, a colleague is at work on one task and has
    claimed another; of the shift before, one task is carried over and one was never ticked off.
    """
    here = sorted((one for one in stories if one.shift == on_duty), key=lambda one: one.work.begins)
    audits = [story for story in here if story.task.audit_type]
    others = [story for story in here if not story.task.audit_type]
    if not audits or not others:
        return  # somebody has worked here already
    for story in [*audits[-AUDITS_TO_DO:], others[-1]]:
        story.steps = []
    to_do = [story for story in others if not story.is_over_at(now)]
    chance = chance_for(audits[0].task.ward.slug, on_duty.day, on_duty.shift)
    _begin(to_do[0], crew, chance, now)
    _claim([*to_do[1:], audits[-1]][0], crew, chance, now)
    _leave_of_the_shift_before(stories, now)


def _begin(story: Story, crew: Crew, chance: Random, now: datetime) -> None:
    colleague = crew.colleague_for(story.work, story.shift, chance)
    begun = max(story.window.start, now - timedelta(minutes=chance.randint(4, 15)))
    story.steps = [Step(Action.START, begun, person(colleague))]


def _claim(story: Story, crew: Crew, chance: Random, now: datetime) -> None:
    colleague = crew.colleague_for(story.work, story.shift, chance)
    claimed = max(story.window.start, now - timedelta(minutes=chance.randint(10, 40)))
    story.steps = [Step(Action.CLAIM, claimed, person(colleague))]


def _leave_of_the_shift_before(stories: Sequence[Story], now: datetime) -> None:
    over = [story for story in stories if story.window.end <= now]
    last_end = max((story.window.end for story in over), default=None)
    left = [
        story
        for story in over
        if story.window.end == last_end
        and story.task.priority == Priority.ROUTINE
        and not story.task.audit_type
    ]
    carried = [story for story in left if story.task.carry_over]
    forgotten = [story for story in left if not story.task.carry_over]
    for story in [*carried[:1], *forgotten[:1]]:
        story.steps = []
