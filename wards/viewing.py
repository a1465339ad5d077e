"""Every look at a patient is written down."""

from collections.abc import Iterable, Mapping
from typing import Any

from audit.events import record
from wards.actors import Actor
from wards.models import Ward
from wards.queries import VIEW


def record_view(
    patient_id: int, *, ward: Ward, by: Actor, detail: Mapping[str, Any] | None = None
) -> None:
    """Note in the audit log that `by` has seen the page of, or a form about, the patient.

    `detail` says what it was, where it was more than that.
    """
    record(
        by=by,
        action=VIEW,
        object_type="patient",
        object_id=str(patient_id),
        ward=ward.name,
        detail=detail,
    )


def record_names(patient_ids: Iterable[int], *, page: str, ward: Ward, by: Actor) -> None:
    """Note in the audit log that `by` has seen the names of these patients of `ward` on `page`."""
    detail = {"patients": sorted(patient_ids)}
    record(by=by, action=f"{page}.view", ward=ward.name, detail=detail)
