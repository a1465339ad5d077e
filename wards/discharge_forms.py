"""What a person may send on the page of a discharge."""

from django import forms

from wards.form_fields import VersionField


class VersionForm(forms.Form):
    """The version of the stay that the page showed."""

    version = VersionField()


class ReasonForm(VersionForm):
    """Sending a discharge back takes a reason."""

    reason = forms.CharField(
        label="Why is the discharge sent back?",
        max_length=300,
        help_text="Colleagues see this in the patient's timeline.",
        error_messages={"required": "Say why the discharge is sent back."},
    )
