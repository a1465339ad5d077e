"""The form of a case note."""

from django import forms

MOST_CHARACTERS = 10_000
TOO_LONG = "Shorten it to 10,000 characters, or write two notes: it has %(show_value)d."


class NoteForm(forms.Form):
    """What somebody writes about a patient."""

    text = forms.CharField(
        label="Case note",
        max_length=MOST_CHARACTERS,
        help_text="A saved note cannot be changed or deleted; it can be amended.",
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": "Type the note.", "max_length": TOO_LONG},
    )
