"""The admin's pages by their addresses, and forms filled in as a browser sends them."""

import re
from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.test import Client


def address(model: type[Model], page: str = "", row: Model | None = None) -> str:
    """Return the address of the list, or of another page of `model` or of one of its rows."""
    start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    if row is not None:
        return f"{start}{row.pk}/{page}/"
    return f"{start}{page}/" if page else start


class _Fields(HTMLParser):
    """Collects what a browser would send of a page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self.textarea = self.select = ""
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = facts.get("id", "").endswith("_form")
        if not self.inside:
            return
        name = facts.get("name", "")
        if tag == "input" and facts.get("type") in ("checkbox", "radio"):
            if "checked" in facts:
                self._add(name, facts.get("value", "on"))
        elif tag == "input" and facts.get("type") != "submit":
            self.found[name] = facts.get("value", "")
        elif tag == "textarea":
            self.textarea, self.found[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in facts:
            self._add(self.select, facts["value"])

    def _add(self, name: str, value: str) -> None:
        self.found[name] = [*self.found.get(name, []), value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.found[self.textarea] += data.removeprefix("\r\n").removeprefix("\n")


def filled_form(client: Client, path: str) -> dict[str, Any]:
    """Return what the form at `path` would send if nobody changed it."""
    page = client.get(path)
    assert page.status_code == 200, page.status_code
    fields = _Fields()
    fields.feed(page.content.decode())
    fields.found.pop("", None)
    return fields.found


def submit(client: Client, path: str, **changes: Any) -> Any:
    """Fill in and send the form at `path` with `changes`; dashes in names are written `__`."""
    data = filled_form(client, path) | {
        name.replace("__", "-"): value for name, value in changes.items()
    }
    return client.post(path, data)


def errors_on(response: Any) -> list[str]:
    """Return the errors that the page shows; it must be a page, not a crash."""
    assert response.status_code == 200, response.status_code
    lists = re.findall(r'<ul class="errorlist.*?</ul>', response.content.decode(), re.DOTALL)
    return [text for one in lists for text in re.findall(r"<li>(.*?)</li>", one, re.DOTALL)]
