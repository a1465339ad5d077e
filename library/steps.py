"""The steps of a guide and their order."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from library.models import Guide, GuideStep

OUT_OF_THE_WAY = 1000


@transaction.atomic
def save_steps(*, guide: Guide, steps: Sequence[GuideStep]) -> None:
    """Save `steps`, new and old, as the steps of `guide` in this order, numbered from 1.

    A step of the guide that is not among them, added by somebody else meanwhile, comes last.
    """
    others = guide.steps.exclude(pk__in=[step.pk for step in steps if step.pk])
    in_order = [*steps, *others]
    # First out of the way: no two steps may have one position, not even for a moment.
    guide.steps.update(position=F("position") + OUT_OF_THE_WAY)
    for position, step in enumerate(in_order, start=1):
        step.guide, step.position = guide, position
        step.save()
