"""The answer to a page that was out of date: nothing is overwritten, and it is said."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.timezone import localtime

from wards import queries
from wards.models import Stay


def say_so(request: HttpRequest, stay: Stay) -> None:
    """Say on the next page that nothing was changed, and what had changed `stay` meanwhile."""
    event = queries.latest_event(stay)
    what = f" The last change: {event.get_action_display()}, " if event else " "
    when = f"by {event.by_name}, {localtime(event.at):%H:%M on %d %b}." if event else ""
    messages.warning(
        request,
        f"Nothing was changed: your page was out of date.{what}{when} "
        "This page shows how it stands now.",
    )
