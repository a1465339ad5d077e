"""The form of a case note."""

from django import forms

MOST_CHARACTERS = 10_000


class NoteForm(forms.Form):
    """What somebody writes about a patient."""

    text = forms.CharField(
        label="Case note",
        max_length=MOST_CHARACTERS,
        help_text="A saved note cannot be changed or deleted; it can be amended.",
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": "Type the note."},
    )
