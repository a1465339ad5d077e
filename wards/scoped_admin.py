"""The base of every admin class: who reaches which rows, by role, ward and tier.

There are no permissions to give away one by one: a class says the least role for each act, and
rows and choices end at the wards that the person runs.
"""

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Field, Model, QuerySet
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from audit.events import record
from wards.access import roles_from, wards_visible_to
from wards.actors import Actor, Source, person
from wards.features import Feature, feature_available, requires
from wards.models import Role, User, Ward
from wards.object_history import Entry, from_audit, latest_first

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline
    from django.forms import ModelForm
else:
    # Django's own classes take type arguments in their stubs only.
    class ModelAdmin(Generic[Row], admin.ModelAdmin): ...

    class StackedInline(Generic[Row, Parent], admin.StackedInline): ...

    class ModelForm(Generic[Row], forms.ModelForm): ...


def signed_in(request: HttpRequest) -> User:
    """Return the person whose request this is; the admin lets nobody else in."""
    return cast(User, request.user)


def acting(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor through the admin."""
    return person(signed_in(request), Source.ADMIN)


def has_role(request: HttpRequest, role: Role | None) -> bool:
    """Say whether the person has at least `role` somewhere; nobody has `None`."""
    return role is not None and signed_in(request).highest_role in roles_from(role)


class CheckedForm(ModelForm[Row]):
    """A form that checks every constraint, also those on fields that it does not offer."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            self.instance.validate_unique()
            self.instance.validate_constraints()
        except ValidationError as problem:
            self.add_error(None, problem.messages)


class ScopedAdmin(ModelAdmin[Row]):
    """Rows of the wards that a person runs, or of the whole trust; all of them for senior admins.

    Attributes:
        feature: outside its tiers the pages do not exist.
        seen_by, added_by, changed_by, deleted_by: the least role for it; `None`: nobody.
        ward_path: the lookup from a row to its ward; `None`: the rows belong to the trust.
    """

    feature: Feature | None = None
    seen_by: Role = Role.WARD_ADMIN
    added_by: Role | None = None
    changed_by: Role | None = None
    deleted_by: Role | None = None
    ward_path: str | None = "ward"

    form: type[ModelForm[Any]] = CheckedForm
    show_full_result_count = False

    def may_touch(self, user: User, row: Row) -> bool:
        """Say whether `user`, who may change such rows, may change or delete this one."""
        return True

    def in_scope(self, rows: QuerySet[Row], user: User) -> QuerySet[Row]:
        """Return those of `rows` that `user`, who is no senior admin, may see."""
        if self.ward_path is None:
            return rows
        run = wards_visible_to(user, role=Role.WARD_ADMIN)
        return rows.filter(**{f"{self.ward_path}__in": run})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        rows = super().get_queryset(request)
        if not self.has_view_permission(request):
            return rows.none()
        if has_role(request, Role.SENIOR_ADMIN):
            return rows
        return self.in_scope(rows, signed_in(request))

    def get_field_queryset(
        self, db: str | None, db_field: "RelatedField[Any, Any]", request: HttpRequest
    ) -> QuerySet[Any]:
        return rows_to_choose(self.admin_site, db_field, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allows(request, self.seen_by)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self._allows(request, self.seen_by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allows(request, self.added_by)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self._allows(request, self.changed_by, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self._allows(request, self.deleted_by, obj)

    def _allows(self, request: HttpRequest, role: Role | None, row: Row | None = None) -> bool:
        if self.feature is not None and not feature_available(self.feature):
            return False
        return has_role(request, role) and (row is None or self.may_touch(signed_in(request), row))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django's, in a transaction; but what somebody else saved meanwhile is a form error."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # The form's own checks, which passed a moment ago, now see the other's row.
            return super().changeform_view(request, *args, **kwargs)

    def own_urls(self) -> list[URLPattern]:
        """Return the addresses that this class adds to Django's; the tier guards all of them."""
        return []

    def get_urls(self) -> list[URLPattern]:
        urls = [*self.own_urls(), *super().get_urls()]
        for url in urls:
            if self.feature is not None and url.callback is not None:
                url.callback = requires(self.feature)(url.callback)
        return urls

    def own_page(
        self, request: HttpRequest, template: str, *, title: str, **more: Any
    ) -> TemplateResponse:
        """Return a page of ours: `template` of the class's own folder, or shared by several."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        folder = f"admin/{self.opts.app_label}/{self.opts.model_name}"
        choices = [f"{folder}/{template}", f"admin/{template}"]
        return TemplateResponse(request, choices, context | more)

    def history_of(self, request: HttpRequest, row: Row) -> list[Entry]:
        """Return who changed what of `row`; by default what the audit log has of it."""
        return from_audit(row._meta.model_name or "", str(row.pk))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As Django's, but from the Hub's own records, which know also of changes elsewhere."""
        page = super().history_view(request, object_id, extra_context)
        if isinstance(page, TemplateResponse) and page.context_data:
            entries = self.history_of(request, page.context_data["object"])
            page.context_data["entries"] = latest_first(entries)
        return page

    def view_on_site(self, row: Row) -> str | None:
        address = getattr(row, "get_absolute_url", None)
        return address() if address else None


class RecordedAdmin(ScopedAdmin[Row]):
    """Rows without action functions of their own: each change writes its audit event here."""

    def facts(self, row: Row) -> dict[str, Any]:
        """Return what the audit log must say of `row` beyond the names of the changed fields."""
        return {}

    def log_addition(self, request: HttpRequest, obj: Row, message: Any) -> LogEntry:
        entry = super().log_addition(request, obj, message)
        self.record(request, "create", obj, changes=message)
        return entry

    def log_change(self, request: HttpRequest, obj: Row, message: Any) -> LogEntry:
        entry = super().log_change(request, obj, message)
        self.record(request, "change", obj, changes=message)
        return entry

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        entries = super().log_deletions(request, queryset)
        for row in queryset:
            self.record(request, "delete", row)
        return entries

    def record(self, request: HttpRequest, action: str, row: Row, **detail: Any) -> None:
        """Write what the person did to `row`, in the transaction of the change."""
        ward = row if isinstance(row, Ward) else getattr(row, "ward", None)
        noun = row._meta.model_name or ""
        record(
            by=acting(request),
            action=f"{noun}.{action}",
            object_type=noun,
            object_id=str(row.pk),
            ward=ward.name if ward else "",
            detail={**detail, **self.facts(row)},
        )


class ScopedInline(StackedInline[Row, Parent]):
    """Rows within their parent's page: whoever may change the parent may change them.

    Stacked, for there every field has its label.
    """

    extra = 0

    def get_field_queryset(
        self, db: str | None, db_field: "RelatedField[Any, Any]", request: HttpRequest
    ) -> QuerySet[Any]:
        return rows_to_choose(self.admin_site, db_field, request)

    def has_view_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return self._parent.has_view_permission(request, obj)

    def has_add_permission(  # type: ignore[override]  # Django calls inlines with their parent
        self, request: HttpRequest, obj: Parent | None
    ) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        if obj is None:
            return self._parent.has_add_permission(request)
        return self._parent.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return self.has_change_permission(request, obj)

    @property
    def _parent(self) -> "admin.ModelAdmin[Parent]":
        return self.admin_site.get_model_admin(self.parent_model)


class ReadOnlyInline(ScopedInline[Row, Parent]):
    """Rows that the parent's page only shows, as a table."""

    template = "admin/read_only_inline.html"
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return False


class InScopeFilter(admin.RelatedFieldListFilter):
    """A filter that names only the rows that the person may see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, Any]]:
        rows = rows_to_choose(model_admin.admin_site, field, request)
        return [(str(row.pk), str(row)) for row in rows]


def rows_to_choose(
    site: admin.AdminSite, field: "Field[Any, Any]", request: HttpRequest
) -> QuerySet[Any]:
    """Return what `field` may point to: what the person sees of it in the admin."""
    return site.get_model_admin(cast("type[Model]", field.related_model)).get_queryset(request)
