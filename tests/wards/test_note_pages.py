"""The pages of case notes: write, copy, amend; each look is written down."""

import pytest
from django.test import Client

from audit.models import AuditEvent
from tests.factories import PatientFactory, WardFactory, member_of
from wards import admissions, case_notes
from wards.actors import person
from wards.models import CaseNote, NoteTemplate, Stay, StayStatus, User, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def beatrice(byron: Ward, sarah: User) -> Stay:
    patient = PatientFactory.create(surname="Quill", preferred_name="Bea")
    return admissions.admit(patient=patient, ward=byron, by=person(sarah))


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def write(client: Client, stay: Stay, text: str) -> str:
    answer = client.post(f"/patients/{stay.patient_id}/notes/write/", {"text": text})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_note_is_written_and_stands_in_the_timeline(page: Client, beatrice: Stay) -> None:
    address = write(page, beatrice, "Slept well.\nAte <b>breakfast</b>.")

    shown = text_of(page, address)
    assert "Slept well.\nAte &lt;b&gt;breakfast&lt;/b&gt;." in shown
    assert "The case note is saved." in shown
    assert "By Sarah Johnson" in shown
    assert f'href="{address}"' in text_of(page, f"/patients/{beatrice.patient_id}/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" ", "Type the note."),
        ("x" * 10_001, "Shorten it to 10,000 characters, or write two notes: it has 10001."),
    ],
)
def test_an_empty_or_overlong_note_is_refused_and_kept_on_the_page(
    page: Client, beatrice: Stay, text: str, said: str
) -> None:
    answer = page.post(f"/patients/{beatrice.patient_id}/notes/write/", {"text": text})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert text in answer.content.decode()
    assert not CaseNote.objects.exists()


def test_a_template_of_the_ward_begins_a_note(page: Client, beatrice: Stay) -> None:
    own = NoteTemplate.objects.create(ward=beatrice.ward, name="One to one", text="$patient said:")
    other = NoteTemplate.objects.create(ward=WardFactory.create(), name="Secret", text="secret")
    address = f"/patients/{beatrice.patient_id}/notes/write/"

    assert "One to one" in text_of(page, address)
    assert "Secret" not in text_of(page, address)
    assert "Bea said:" in text_of(page, f"{address}?template={own.pk}")
    assert "secret" not in text_of(page, f"{address}?template={other.pk}")


def test_an_amendment_stands_beside_the_original(page: Client, beatrice: Stay) -> None:
    address = write(page, beatrice, "Slept for 6 hours.")

    amended = page.post(f"{address}amend/", {"text": "Slept for 5 hours."})["Location"]

    assert "Slept for 5 hours." in text_of(page, amended)
    original = text_of(page, address)
    assert "Slept for 6 hours." in original
    assert "amended this note" in original
    assert f'href="{address}amend/"' not in original


def test_two_who_amend_one_note_do_not_overwrite_each_other(page: Client, beatrice: Stay) -> None:
    address = write(page, beatrice, "One.")
    first = page.post(f"{address}amend/", {"text": "Two."})["Location"]

    answer = page.post(f"{address}amend/", {"text": "Three."}, follow=True)

    assert answer.redirect_chain == [(first, 302)]
    assert "Nothing was saved: Sarah Johnson has amended this note" in answer.content.decode()
    assert not CaseNote.objects.filter(text="Three.").exists()


def test_another_ward_finds_no_note(page: Client, beatrice: Stay, client: Client) -> None:
    address = write(page, beatrice, "Slept well.")
    client.force_login(member_of(WardFactory.create(name="Shelley")))

    assert client.get(address).status_code == 404
    assert client.get(f"{address}amend/").status_code == 404
    assert client.post(f"{address}amend/", {"text": "x"}).status_code == 404


def test_after_the_stay_notes_are_read_and_no_more_written(page: Client, beatrice: Stay) -> None:
    address = write(page, beatrice, "Slept well.")
    Stay.objects.update(status=StayStatus.DISCHARGED, discharged_at=beatrice.admitted_at)

    assert "Slept well." in text_of(page, address)
    assert page.get(f"/patients/{beatrice.patient_id}/notes/write/").status_code == 404
    for late in (f"{address}amend/", f"/patients/{beatrice.patient_id}/notes/write/"):
        answer = page.post(late, {"text": "Typed for minutes."})
        assert answer.status_code == 422
        assert "the patient was discharged meanwhile" in answer.content.decode()
        assert "Typed for minutes." in answer.content.decode()
    assert CaseNote.objects.count() == 1


def test_every_look_at_a_note_is_written_down(page: Client, beatrice: Stay) -> None:
    address = write(page, beatrice, "Slept well.")
    before = AuditEvent.objects.filter(action="patient.view").count()

    page.get(address)
    page.get(f"{address}amend/")

    assert AuditEvent.objects.filter(action="patient.view").count() == before + 2


def test_a_note_never_reaches_the_log(
    page: Client, beatrice: Stay, caplog: pytest.LogCaptureFixture
) -> None:
    case_notes.write(
        stay=beatrice, text="Zanzibar", by=person(beatrice.ward.memberships.get().user)
    )
    address = write(page, beatrice, "Zanzibar")
    page.get(address)

    assert "Zanzibar" not in caplog.text
    assert "Quill" not in caplog.text
