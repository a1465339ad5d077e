"""The admin of people and their rights, and the reader's list of the audit log."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import transaction
from django.db.models import DateTimeField, Field, QuerySet
from django.forms import Field as FormField
from django.forms import SplitDateTimeField, TypedChoiceField
from django.http import HttpRequest, HttpResponse

from audit.admin import AuditEventList
from audit.models import AuditEvent
from wards import note_admin, place_admin, stay_admin, ward_admin  # noqa: F401  more of this room's admin
from wards.access import wards_visible_to
from wards.admin_forms import AddPersonForm, ChangePersonForm, DateAndTime, PersonField
from wards.features import Feature
from wards.models import Membership, Role, User
from wards.object_history import Entry, of_events
from wards.policies import can_change_rights_of, can_manage_person, roles_to_give
from wards.scoped_admin import (
    InScopeFilter,
    ReadOnlyInline,
    RecordedAdmin,
    ScopedAdmin,
    ScopedInline,
    has_role,
    signed_in,
)
from wards.sign_in import forget_former_addresses

DATE_AND_TIME: dict[Any, Any] = {
    DateTimeField: {"form_class": SplitDateTimeField, "widget": DateAndTime}
}


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin[Membership]):
    """Who belongs to which ward, in which role, until when."""

    seen_by = added_by = changed_by = deleted_by = Role.WARD_ADMIN

    fields = ["user", "ward", "role", "expires_at"]
    formfield_overrides = DATE_AND_TIME
    list_display = ["user", "ward", "role", "expires_at"]
    list_filter = [("ward", InScopeFilter), "role"]
    list_select_related = ["user", "ward"]
    search_fields = ["user__name", "user__email", "user__staff_id"]

    def may_touch(self, user: User, row: Membership) -> bool:
        return can_change_rights_of(user, row.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return ["user", "ward"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.GET.get("user", "")}

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        if db_field.name == "user":
            return PersonField(chosen_by=signed_in(request))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_choice_field(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> TypedChoiceField | None:
        kwargs["choices"] = [(role, role.label) for role in roles_to_give(signed_in(request))]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def facts(self, row: Membership) -> dict[str, Any]:
        return {
            "person": row.user_id,
            "role": row.role,
            "expires": row.expires_at.isoformat() if row.expires_at else None,
        }


class FirstMembershipInline(ScopedInline[Membership, User]):
    """A new person's first wards."""

    model = Membership
    fields = ["ward", "role", "expires_at"]
    formfield_overrides = DATE_AND_TIME

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        # A person without a ward would be out of sight of the ward admin who added them.
        if not has_role(request, Role.SENIOR_ADMIN):
            kwargs |= {"min_num": 1, "validate_min": True}
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_choice_field(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> TypedChoiceField | None:
        roles = [role for role in roles_to_give(signed_in(request)) if role != Role.SENIOR_ADMIN]
        kwargs["choices"] = [(role, role.label) for role in roles]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class MembershipInline(ReadOnlyInline[Membership, User]):
    """A person's memberships, as far as the viewer runs their wards."""

    model = Membership
    fields = ["ward", "role", "expires_at"]
    verbose_name_plural = "memberships"
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        seen = self.admin_site.get_model_admin(Membership).get_queryset(request)
        return seen.select_related("user", "ward")


@admin.register(User)
class PersonAdmin(RecordedAdmin[User], DjangoUserAdmin):  # type: ignore[type-arg]
    """People; they are never deleted, for history names them: their access is ended instead."""

    seen_by = added_by = changed_by = Role.WARD_ADMIN

    form = ChangePersonForm
    add_form = AddPersonForm
    add_fieldsets = (
        (None, {"fields": ("name", "email", "staff_id", "job_title")}),
        ("Local sign-in", {"fields": ("usable_password", "password1", "password2")}),
    )
    readonly_fields = ["last_login", "joined_at"]
    filter_horizontal = ()
    list_display = ["name", "email", "staff_id", "job_title", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "email", "staff_id"]
    ordering = ["name"]

    def may_touch(self, user: User, row: User) -> bool:
        return can_manage_person(user, row)

    def in_scope(self, rows: QuerySet[User], user: User) -> QuerySet[User]:
        run = wards_visible_to(user, role=Role.WARD_ADMIN)
        return rows.filter(pk__in=Membership.objects.filter(ward__in=run).values("user"))

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return [MembershipInline if obj else FirstMembershipInline]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        own = ["name", "email", "staff_id", "job_title"]
        access = ["is_active", "last_login", "joined_at"]
        if self.has_change_permission(request, obj):
            access.insert(1, "password")
        return [(None, {"fields": own}), ("Sign-in", {"fields": access})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        # Whoever ends their own access cannot come back to undo it.
        own_access = ["is_active"] if obj == signed_in(request) else []
        return [*self.readonly_fields, *own_access]

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django's, but the password and its audit event are written together."""
        return super().user_change_password(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        forget_former_addresses(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        memberships = MembershipAdmin(Membership, self.admin_site)
        for formset in formsets:
            for membership in formset.new_objects:
                memberships.record(request, "create", membership)

    def history_of(self, request: HttpRequest, row: User) -> list[Entry]:
        """With the rights that the person was given or lost on the viewer's wards."""
        rights = AuditEvent.objects.filter(object_type="membership", detail__person=row.pk)
        if not has_role(request, Role.SENIOR_ADMIN):
            run = wards_visible_to(signed_in(request), role=Role.WARD_ADMIN)
            rights = rights.filter(ward__in=run.values_list("name", flat=True))
        return super().history_of(request, row) + of_events(rights)

    def facts(self, row: User) -> dict[str, Any]:
        return {"may_sign_in": row.is_active}


@admin.register(AuditEvent)
class AuditEventAdmin(AuditEventList, ScopedAdmin[AuditEvent]):
    """The audit log for senior admins; nobody can change it."""

    feature = Feature.AUDIT_LOG
    seen_by = Role.SENIOR_ADMIN
    ward_path = None

    def history_of(self, request: HttpRequest, row: AuditEvent) -> list[Entry]:
        return of_events([row])
