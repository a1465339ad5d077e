"""Local sign-in: accounts are made by admins; signing in and out is in the audit log."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from audit.events import record
from audit.models import Outcome
from wards.actors import Actor, Source, person
from wards.models import User

SOMEBODY = Actor("somebody unknown", Source.WEB)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def forget_former_addresses(user: User) -> None:
    """Let `user` sign in, and get reset links, by the present e-mail address only.

    Asking for a new password makes allauth remember the address of that day beside ours.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()


@receiver(user_logged_in)
def record_sign_in(sender: Any, user: User, **_: Any) -> None:
    record(by=person(user), action="account.sign_in")


@receiver(user_logged_out)
def record_sign_out(sender: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        record(by=person(user), action="account.sign_out")


@receiver(user_login_failed)
def record_failed_sign_in(sender: Any, **_: Any) -> None:
    record(
        by=SOMEBODY,
        action="account.sign_in",
        outcome=Outcome.FAILED,
    )


@receiver([password_changed, password_reset])
def record_new_password(sender: Any, user: User, **_: Any) -> None:
    record(by=person(user), action="account.new_password")
