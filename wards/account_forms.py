"""allauth's forms; a field that is left empty says what to enter."""

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django.forms import Field

A_NEW_PASSWORD = {"password1": "a new password", "password2": "the new password again"}


class SaysWhatToEnter:
    """In the words of `to_enter`, by field."""

    fields: dict[str, Field]
    to_enter: ClassVar[dict[str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, what in self.to_enter.items():
            self.fields[name].error_messages["required"] = f"Enter {what}."


class SignInForm(SaysWhatToEnter, LoginForm):  # type: ignore[misc]  # allauth has no types
    """The page has its own link for a forgotten password."""

    to_enter = {"login": "your e-mail address", "password": "your password"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["password"].help_text = ""


class NewPasswordForm(SaysWhatToEnter, ChangePasswordForm):  # type: ignore[misc]
    to_enter = {"oldpassword": "your present password", **A_NEW_PASSWORD}


class ForgottenPasswordForm(SaysWhatToEnter, ResetPasswordForm):  # type: ignore[misc]
    to_enter = {"email": "the e-mail address of your account"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"


class MailedLinkForm(SaysWhatToEnter, ResetPasswordKeyForm):  # type: ignore[misc]
    to_enter = A_NEW_PASSWORD
