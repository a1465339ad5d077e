"""Names, addresses and demographics."""

from datetime import date
from typing import Annotated

from systmone.protocol.record.codes import CodedValue
from systmone.protocol.values import Named, Value


class PersonName(Value):
    """The name of a letter's sender or recipient."""

    title: str | None = None
    first_name: str | None = None
    middle_names: str | None = None
    surname: str | None = None


class Address(Value):
    """A postal address; parts that are not set may be empty or absent."""

    house_name: str | None = None
    house_number: str | None = None
    road: str | None = None
    locality: str | None = None
    town: str | None = None
    county: str | None = None
    postcode: str | None = None


class Demographics(Value):
    """Who the patient is (specification: GetPatientRecord).

    In UpdatePatientRecord only the fields to change are given. `sex` is M, F, I (indeterminate) or
    U (unknown); `english_speaker` Yes, No or Unknown; `sms_consent` Yes or No.
    """

    title: str | None = None
    first_name: str | None = None
    middle_names: str | None = None
    surname: str | None = None
    known_as: str | None = None
    date_of_birth: date | None = None
    date_of_death: date | None = None
    sex: str | None = None
    marital_status: CodedValue | None = None
    ethnicity: CodedValue | None = None
    main_language: CodedValue | None = None
    english_speaker: str | None = None
    address: Address | None = None
    home_telephone: str | None = None
    work_telephone: str | None = None
    mobile_telephone: str | None = None
    alternate_telephone: str | None = None
    email_address: str | None = None
    sms_consent: Annotated[str | None, Named("SMSConsent")] = None
    usual_gp_user_name: Annotated[str | None, Named("UsualGPUserName")] = None
    care_start_date: date | None = None
    care_end_date: date | None = None
    registration_type: str | None = None


class Relationship(Value):
    """Somebody of the patient's; the types are TPP's (GetXSDFiles), Named Nurse for one."""

    title: str | None = None
    first_name: str | None = None
    middle_names: str | None = None
    surname: str | None = None
    address: Address | None = None
    type: str | None = None
    organisation_name: str | None = None
    telephone: str | None = None
    work_contact: str | None = None
    description: str | None = None
    end_date: date | None = None
    date_of_birth: date | None = None
    linked_problem_uids: tuple[str, ...] = ()
