"""Reports of pathology and radiology. Battery headers and results stay reachable in `source`."""

from datetime import date
from typing import Annotated

from systmone.protocol.values import Named, Value


class FollowUpAction(Value):
    """What is to be done about a report."""

    action: str | None = None
    comments: str | None = None


class Report(Value):
    """A report; `patient_to_be_informed` by its presence."""

    issue_date: date | None = None
    comments: str | None = None
    patient_to_be_informed: bool = False
    collection_date: date | None = None
    type: str | None = None
    follow_up_actions: Annotated[
        tuple[FollowUpAction, ...], Named("FollowUpActions/FollowUpAction")
    ] = ()
    linked_problem_uids: tuple[str, ...] = ()
