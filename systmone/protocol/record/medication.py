"""Medication and sensitivities."""

from datetime import date
from decimal import Decimal

from systmone.protocol.record.codes import Drug, Ingredient
from systmone.protocol.values import Value


class Medication(Value):
    """One course; `medication_type` is Other medication, NHS medication or Private issue."""

    medication_type: str | None = None
    drug: Drug | None = None
    dose: str | None = None
    quantity: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    end_reason: str | None = None
    repeat_issue: bool = False
    linked_problem_uids: tuple[str, ...] = ()


class RepeatMedication(Value):
    """A course that is issued again; `issue_duration_days` is the length of one issue."""

    medication_type: str | None = None
    drug: Drug | None = None
    dose: str | None = None
    quantity: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    end_reason: str | None = None
    max_issues: int | None = None
    review_date: date | None = None
    issue_duration_days: Decimal | None = None
    linked_problem_uids: tuple[str, ...] = ()


class DrugSensitivity(Value):
    """An allergy or sensitivity (specification: GetPatientRecord, Sensitivities)."""

    type: str | None = None
    ingredient: Ingredient | None = None
    free_text: str | None = None
    linked_problem_uids: tuple[str, ...] = ()
