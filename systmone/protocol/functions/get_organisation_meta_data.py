"""GetOrganisationMetaData: sites, users, clinic and slot types of the organisation."""

from typing import Annotated, ClassVar

from systmone.protocol.record.people import Address
from systmone.protocol.requests import Request
from systmone.protocol.values import Named, Value


class Site(Value):
    """A site; one is the client's own (`current_site`). Unknown `fax` and `email` are absent."""

    name: str | None = None
    id: str | None = None
    telephone: str | None = None
    fax: str | None = None
    email: str | None = None
    address: Address | None = None
    primary_site: bool = False
    current_site: bool = False


class User(Value):
    """A user; one is logged on (`current_user`). `national_id_type` is GMC, NMC or another."""

    title: str | None = None
    first_name: str | None = None
    middle_names: str | None = None
    surname: str | None = None
    user_name: str | None = None
    gender: str | None = None
    role: str | None = None
    role_code: str | None = None
    national_id: str | None = None
    national_id_type: Annotated[str | None, Named("NationalIDType")] = None
    access_rights: Annotated[tuple[str, ...], Named("AccessRights/Access")] = ()
    user_groups: Annotated[tuple[str, ...], Named("UserGroups/Group")] = ()
    current_user: bool = False


class OrganisationMetaData(Value):
    """The answer."""

    sites: tuple[Site, ...] = ()
    users: tuple[User, ...] = ()
    slot_types: tuple[str, ...] = ()
    clinic_types: tuple[str, ...] = ()


class GetOrganisationMetaData(Request[OrganisationMetaData]):
    """Ask for the organisation's sites, users, slot and clinic types."""

    function: ClassVar = "GetOrganisationMetaData"
    summary: ClassVar = "the organisation's sites, users, slot and clinic types"
    response: ClassVar = OrganisationMetaData

    logged_on_user_only: bool = False
