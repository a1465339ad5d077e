"""The Hub's tables, as far as the sync endpoint reads and writes them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, SmallInteger, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[dict[str, str]]: JSONB,
        int: BigInteger,
    }


client_wards = Table(
    "assurance_apiclient_wards",
    Base.metadata,
    Column("apiclient_id", ForeignKey("assurance_apiclient.id"), primary_key=True),
    Column("ward_id", ForeignKey("wards_ward.id"), primary_key=True),
)


class Ward(Base):
    __tablename__ = "wards_ward"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    early_start: Mapped[time]
    early_end: Mapped[time]
    late_start: Mapped[time]
    late_end: Mapped[time]
    night_start: Mapped[time]
    night_end: Mapped[time]

    def times(self, shift: str) -> tuple[time, time]:
        return getattr(self, f"{shift}_start"), getattr(self, f"{shift}_end")


class User(Base):
    __tablename__ = "wards_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    staff_id: Mapped[str]
    is_active: Mapped[bool]


class Membership(Base):
    __tablename__ = "wards_membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("wards_user.id"))
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("wards_ward.id"))
    role: Mapped[str]
    expires_at: Mapped[datetime | None]


class ApiClient(Base):
    __tablename__ = "assurance_apiclient"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[str]
    all_wards: Mapped[bool]
    allowed_networks: Mapped[str]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Task(Base):
    __tablename__ = "tasks_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards_ward.id"))
    audit_type: Mapped[str]
    due_on: Mapped[date]
    shift: Mapped[str]
    status: Mapped[str]
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("wards_user.id"))
    completed_by_name: Mapped[str]
    completed_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str]
    version: Mapped[int] = mapped_column()

    # A task that somebody has changed meanwhile is not overwritten.
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        return self.status in ("pending", "in_progress")

    @property
    def public_id(self) -> str:
        return f"wt{self.id}"


class TaskEvent(Base):
    __tablename__ = "tasks_taskevent"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks_task.id"))
    action: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("wards_user.id"))
    by_name: Mapped[str]
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class SyncEvent(Base):
    __tablename__ = "assurance_syncevent"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4)
    client_id: Mapped[int] = mapped_column(ForeignKey("assurance_apiclient.id"))
    received_at: Mapped[datetime]
    outcome: Mapped[str]
    audit_id: Mapped[str] = mapped_column(default="")
    audit_type: Mapped[str] = mapped_column(default="")
    ward_name: Mapped[str] = mapped_column(default="")
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("wards_ward.id"))
    completed_by: Mapped[str] = mapped_column(default="")
    completed_by_email: Mapped[str] = mapped_column(default="")
    completed_by_staff_id: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("wards_user.id"))
    completed_at: Mapped[datetime | None]
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks_task.id"))
    task_public_id: Mapped[str] = mapped_column(default="")
    synced_at: Mapped[datetime | None]
    set_aside_by_name: Mapped[str] = mapped_column(default="")
    set_aside_reason: Mapped[str] = mapped_column(default="")
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("assurance_syncevent.id"))
    details: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    payload: Mapped[str] = mapped_column(default="")
    person_is_unknown: Mapped[bool] = mapped_column(default=False)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    out_of_range: Mapped[bool] = mapped_column(default=False)
    needs_follow_up: Mapped[bool] = mapped_column(default=False)

    ward: Mapped[Ward | None] = relationship()


class ReadingLimit(Base):
    __tablename__ = "assurance_readinglimit"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_type: Mapped[str]
    reading: Mapped[str]
    unit: Mapped[str]
    lowest: Mapped[Decimal | None]
    highest: Mapped[Decimal | None]


class AuditEvent(Base):
    __tablename__ = "audit_auditevent"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    source: Mapped[str]
    address: Mapped[str]
    request_id: Mapped[str]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    ward: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[dict[str, Any]]
    seal: Mapped[str]


class ChainHead(Base):
    __tablename__ = "audit_chainhead"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    sequence: Mapped[int]
    seal: Mapped[str]
    proof: Mapped[str]
