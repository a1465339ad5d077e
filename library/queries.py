"""What people read of the library: in every tier guides are open to everyone who signed in."""

from django.db.models import QuerySet

from library.models import Guide


def guides() -> QuerySet[Guide]:
    """Return all guides, by title."""
    return Guide.objects.all()


def guides_with_steps() -> QuerySet[Guide]:
    """Return all guides with their steps, in two queries however many there are."""
    return guides().prefetch_related("steps")
