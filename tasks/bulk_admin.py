"""What is done to several rows of the admin at once: shown first, then done to those still so."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tasks.bulk_forms import NotAsShown, RowsForm
from wards.scoped_admin import Row, ScopedAdmin, acting

MOST_AT_ONCE = 100


class BulkAdmin(ScopedAdmin[Row]):
    """An admin whose actions ask first; `run` is the right to them."""

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may run such actions: those who run the ward."""
        return self.has_view_permission(request)

    def ask_then_perform(
        self, request: HttpRequest, rows: QuerySet[Row], form_class: type[RowsForm]
    ) -> HttpResponse | None:
        """Show the rows as they are; when that page comes back, do it to those still so."""
        is_answer = "confirmed" in request.POST
        if is_answer:  # also those that the list, with its filters, has lost meanwhile
            shown = request.POST.getlist(ACTION_CHECKBOX_NAME)
            rows = self.get_queryset(request).filter(pk__in=shown)
        chosen = [row for row in self._first(request, rows) if is_answer or form_class.fits(row)]
        if not chosen:
            self.message_user(request, form_class.nothing_fits, messages.WARNING)
            return None
        form = form_class(request.POST if is_answer else None, chosen=chosen)
        if form.is_valid():
            self._perform(request, chosen, form)
            return None
        return self.own_page(
            request,
            "confirm_rows.html",
            title=f"{form.verb} {form.row}s",
            lines=[(row, form.line(row)) for row in chosen],
            form=form,
            selected_name=ACTION_CHECKBOX_NAME,
            back=reverse(admin_urlname(self.opts, "changelist")),  # type: ignore[arg-type]
        )

    def _first(self, request: HttpRequest, rows: QuerySet[Row]) -> list[Row]:
        first = list(rows[: MOST_AT_ONCE + 1])
        if len(first) > MOST_AT_ONCE:
            name = self.opts.verbose_name_plural
            text = (
                f"At most {MOST_AT_ONCE} {name} at a time: these are the first of {rows.count()}."
            )
            self.message_user(request, text, messages.WARNING)
        return first[:MOST_AT_ONCE]

    def _perform(self, request: HttpRequest, rows: Iterable[Row], form: RowsForm) -> None:
        """Perform `form`, with Django's own history, and tell what was and was not done."""
        for row in rows:
            try:
                with transaction.atomic():
                    seen = form.cleaned_data[f"seen_{row.pk}"]
                    changed = form.perform(row, seen, acting(request))
                    self.log_change(request, changed, f"{form.done.capitalize()}.")
            except NotAsShown as conflict:
                text = f"{row} was not {form.done}: {conflict.now}."
                self.message_user(request, text, messages.WARNING)
            else:
                self.message_user(request, f"{row} is {form.done}.", messages.SUCCESS)
