"""Two wards and a person of each role on Byron; Shelley is the other ward."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import WardFactory, member_of, senior_admin
from wards.models import Role, User, Ward

SignIn = Callable[[User], Client]


@pytest.fixture
def byron(db: None) -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def shelley(db: None) -> Ward:
    return WardFactory.create(name="Shelley")


@pytest.fixture
def amina(byron: Ward) -> User:
    return member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf", staff_id="AMINA")


@pytest.fixture
def samir(db: None) -> User:
    return senior_admin(name="Samir Patel", staff_id="SAMIR")


@pytest.fixture
def sign_in() -> SignIn:
    """Return a browser in which the person has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def ward_admin(sign_in: SignIn, amina: User) -> Client:
    return sign_in(amina)


@pytest.fixture
def senior(sign_in: SignIn, samir: User) -> Client:
    return sign_in(samir)
