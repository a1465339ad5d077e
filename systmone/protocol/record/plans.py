"""Care plans, patient plans and recalls."""

from datetime import date
from typing import Annotated

from systmone.protocol.values import Named, Value


class Instruction(Value):
    """One line of a plan."""

    instruction_text: str | None = None
    order: int | None = None
    responsibility: str | None = None


class CarePlan(Value):
    """A care plan; `description` is its goal."""

    care_plan_name: str | None = None
    description: str | None = None
    category: str | None = None
    sub_category: str | None = None
    aim: str | None = None
    review_date: date | None = None
    care_plan_instructions: tuple[Instruction, ...] = ()
    linked_problem_uids: tuple[str, ...] = ()


class PatientPlan(Value):
    """A plan that the patient holds; `patient_plan` is its name."""

    patient_plan: str | None = None
    instructions: Annotated[tuple[Instruction, ...], Named("Items/CarePlanInstruction")] = ()
    linked_problem_uids: tuple[str, ...] = ()


class Recall(Value):
    """An invitation to come; the types are the unit's own (GetXSDFiles)."""

    recall_date: date | None = None
    type: str | None = None
    free_text: str | None = None
    status: str | None = None
    linked_problem_uids: tuple[str, ...] = ()
