"""What UpdatePatientRecord adds and changes (sections "Update Example")."""

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.systmone.simulator.raw import IDENTITY, NUMBER, Answer, RawClient, event, note

UID = re.compile("[0-9a-f]{16}")
UNKNOWN = "0" * 16
CODE = '<ClinicalCode><Code Scheme="CTV3" Code="X505K"/>{}</ClinicalCode>'
LETTER = (
    "<Letter>{recipient}<DocumentPath>{path}</DocumentPath><Type>{type}</Type>"
    "<Direction>Incoming</Direction><DateSentReceived>2026-06-04T15:23:29</DateSentReceived>"
    "</Letter>"
)


def update(client: RawClient, parameters: str, **other: str) -> Answer:
    return client.call("UpdatePatientRecord", IDENTITY + parameters, **other)


def added(client: RawClient, answer: Answer) -> etree._Element:
    """Return the event of this answer, as it is committed."""
    uid = answer.text("EventUID")
    events = client.simulator.committed(NUMBER).findall("Clinical/Event")
    (found,) = [event for event in events if event.get("EventUID") == uid]
    return found


def count_events(client: RawClient) -> int:
    return len(client.simulator.committed(NUMBER).findall("Clinical/Event"))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Zażółć, dear colleague")
    return path


def test_a_narrative_is_added_by_the_user_who_is_logged_on(client: RawClient) -> None:
    answer = update(client, note("Réunion avec la famille, zażółć"), version="hub v3")
    assert UID.fullmatch(answer.text("EventUID"))
    new = added(client, answer)
    assert new.findtext("Narrative/Line") == "Réunion avec la famille, zażółć"
    assert new.attrib["UserName"] == "mtregear"
    assert new.attrib["DoneBy"] == "TREGEAR, Morwenna"
    assert new.attrib["Software"] == "hub v3"


def test_an_event_keeps_the_attributes_that_it_is_given(client: RawClient) -> None:
    given = 'DateTime="2026-01-02T03:04:05" UserName="aokonjo" DoneBy="A" DoneAt="B" Method="Text"'
    content = "<Narrative><Line>x</Line></Narrative>"
    new = added(client, update(client, event(content, attributes=given)))
    for attribute in given.split('" '):
        name, _, value = attribute.partition("=")
        assert new.attrib[name] == value.strip('"')


def test_several_events_have_a_uid_each(client: RawClient) -> None:
    line = "<Event><Narrative><Line>x</Line></Narrative></Event>"
    answer = update(client, f"<Clinical>{line}{line}</Clinical>")
    assert len(set(answer.texts("EventUID"))) == 2


def test_a_snomed_code_is_kept_with_its_pair(client: RawClient) -> None:
    code = '<ClinicalCode><Code Scheme="Snomed" Code="43116000"/></ClinicalCode>'
    kept = added(client, update(client, event(code))).find("ClinicalCode/Code")
    assert kept is not None
    assert dict(kept.attrib) == {"Scheme": "CTV3", "Code": "X505K", "Term": "Eczema"}


def test_a_well_formed_code_that_the_unit_does_not_know_is_kept_as_it_is(client: RawClient) -> None:
    code = '<ClinicalCode><Code Scheme="Snomed" Code="999999991"/></ClinicalCode>'
    kept = added(client, update(client, event(code))).find("ClinicalCode/Code")
    assert kept is not None
    assert kept.attrib["Scheme"] == "Snomed"


def test_a_reading_without_units_gets_those_of_its_code(client: RawClient) -> None:
    reading = '<ClinicalCode><Code Scheme="CTV3" Code="22A.."/><Value>71.5</Value></ClinicalCode>'
    new = added(client, update(client, event(reading)))
    assert new.findtext("ClinicalCode/Units") == "kg"


def test_a_severity_makes_a_problem_that_can_be_linked_to(client: RawClient) -> None:
    severe = CODE.format("<ProblemSeverity>Major</ProblemSeverity>")
    problem = added(client, update(client, event(severe))).findtext("ClinicalCode/ProblemUID")
    link = f"<LinkedProblemUID>{problem}</LinkedProblemUID>"
    for content in (CODE.format(link), CODE.format("") + link):
        assert update(client, event(content)).refusal == ("", "")


def test_an_event_can_be_linked_to_a_referral(client: RawClient) -> None:
    record = client.simulator.committed(NUMBER)
    referral = record.findtext("Clinical/Event/Referral/ReferralUID")
    content = event(CODE.format(""), attributes=f'LinkedReferralUID="{referral}"')
    assert added(client, update(client, content)).attrib["LinkedReferralUID"] == referral


def test_an_attached_file_can_be_fetched_again(
    client: RawClient, document: Path, tmp_path: Path
) -> None:
    path = f"<Attachment><DocumentPath>{document}</DocumentPath></Attachment>"
    new = added(client, update(client, event(path)))
    assert new.findtext("Attachment/FileName") == "letter.txt"
    assert new.findtext("Attachment/FileSize") == f"{document.stat().st_size} bytes"
    uid = new.findtext("Attachment/DocumentUID")
    document.unlink()
    wanted = f"<DocumentUID>{uid}</DocumentUID><WriteTo>{tmp_path}</WriteTo>"
    written = client.call("GetDocument", IDENTITY + wanted).text("DocumentFile")
    assert Path(written).read_text() == "Zażółć, dear colleague"


def test_a_url_is_attached_as_it_is(client: RawClient) -> None:
    url = "<Attachment><URL>http://www.nhs.uk</URL><Comments>c</Comments></Attachment>"
    assert added(client, update(client, event(url))).findtext("Attachment/URL")


def letter(document: Path, **changes: str) -> str:
    recipient = "<RecipientOrganisation>The Mill Surgery</RecipientOrganisation>"
    parts = {"recipient": recipient, "path": str(document), "type": "Clinic Letter", **changes}
    return event(LETTER.format(**parts))


@pytest.mark.parametrize("letter_type", ["Clinic Letter", "Miscellaneous"])
def test_a_letter_is_kept_with_its_document(
    client: RawClient, document: Path, letter_type: str
) -> None:
    new = added(client, update(client, letter(document, type=letter_type)))
    assert new.findtext("Letter/DocumentUID")
    assert new.find("Letter/DocumentPath") is None


@pytest.mark.parametrize(
    "changes", [{"type": "Love Letter"}, {"recipient": ""}, {"path": "c:\\missing.docx"}]
)
def test_a_letter_that_breaks_a_rule_is_refused(
    client: RawClient, document: Path, changes: dict[str, str]
) -> None:
    assert update(client, letter(document, **changes)).permanence == "true"


def test_a_letter_needs_each_mandatory_field(client: RawClient, document: Path) -> None:
    whole = letter(document)
    for tag in ("DocumentPath", "Type", "Direction", "DateSentReceived"):
        without = re.sub(f"<{tag}>.*</{tag}>", "", whole)
        assert update(client, without).permanence == "true"


def test_a_reminder_and_other_items_are_kept_as_sent(client: RawClient) -> None:
    reminder = "<Reminder><FreeText>Ask</FreeText><Severity>High</Severity></Reminder>"
    activity = "<Activity><Performed>Group work</Performed></Activity>"
    new = added(client, update(client, event(reminder, activity)))
    assert [item.tag for item in new] == ["Reminder", "Activity"]


def test_only_the_given_demographics_change(client: RawClient) -> None:
    before = client.simulator.committed(NUMBER).find("Demographics")
    changes = (
        "<Demographics><MiddleNames>Éloïse</MiddleNames><KnownAs>Bo</KnownAs>"
        "<Address><Town>Stanbeck</Town></Address></Demographics>"
    )
    answer = update(client, changes)
    after = client.simulator.committed(NUMBER).find("Demographics")
    assert before is not None
    assert after is not None
    assert after.findtext("MiddleNames") == "Éloïse"
    assert after.findtext("KnownAs") == "Bo"
    assert after.findtext("Address/Town") == "Stanbeck"
    for tag in ("Surname", "DateOfBirth", "Address/Road"):
        assert before.findtext(tag) == after.findtext(tag)
    assert UID.fullmatch(answer.text("EventUID"))


def test_demographics_and_a_note_make_several_events(client: RawClient) -> None:
    answer = update(client, "<Demographics><Title>Dr</Title></Demographics>" + note("x"))
    assert len(set(answer.texts("EventUID"))) == 2


def test_a_task_gets_its_first_line(client: RawClient) -> None:
    task = "<Task><TaskType>Admin Task</TaskType><Content>Ring back</Content></Task>"
    answer = update(client, f"<NonClinical>{task}</NonClinical>")
    (kept,) = client.simulator.committed(NUMBER).xpath(
        f"NonClinical/Task[TaskUID='{answer.text('TaskUID')}']"
    )
    first, second = (kept.findtext("Content") or "").split("\n")
    assert re.fullmatch(r"\w{3} \d\d \w{3} \d\d:\d\d - TREGEAR, Morwenna", first)
    assert second == "Ring back"
    assert kept.findtext("Status") == "Not Started"


def test_a_visit_is_added(client: RawClient) -> None:
    visit = "<Visit><DateTime>2030-01-02T10:00:00</DateTime><Duration>20</Duration></Visit>"
    answer = update(client, f"<NonClinical>{visit}</NonClinical>")
    diary = client.call("GetDiary", "<MinDateTime>2030-01-01T00:00:00</MinDateTime><Visits/>")
    assert diary.texts("Result/Visit/VisitUID") == [answer.text("VisitUID")]


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param("", id="nothing"),
        pytest.param("<Clinical/>", id="no event"),
        pytest.param(event(), id="an empty event"),
        pytest.param(event("<Narrative><Line> </Line></Narrative>"), id="an empty line"),
        pytest.param(event(CODE, attributes='UserName="nobody"'), id="unknown user"),
        pytest.param(
            event(CODE.format(""), attributes=f'LinkedReferralUID="{UNKNOWN}"'), id="no referral"
        ),
        pytest.param(
            event(CODE.format(f"<LinkedProblemUID>{UNKNOWN}</LinkedProblemUID>")), id="no problem"
        ),
        pytest.param(event(CODE.replace("X505K", "X5")), id="malformed code"),
        pytest.param(event(CODE.format("<Value>many</Value>")), id="a value that is not a number"),
        pytest.param("<Demographics/>", id="no demographics"),
        pytest.param(
            "<NonClinical><Task><TaskType>Odd Job</TaskType></Task></NonClinical>", id="task type"
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_and_changes_nothing(
    client: RawClient, parameters: str
) -> None:
    before = etree.tostring(client.simulator.committed(NUMBER))
    assert update(client, parameters).permanence == "true"
    assert etree.tostring(client.simulator.committed(NUMBER)) == before
    assert not client.simulator.journal.entries[-1].committed


def test_one_invalid_part_keeps_the_valid_ones_out(client: RawClient) -> None:
    before = count_events(client)
    bad = "<NonClinical><Appointment><AppointmentUID>0</AppointmentUID></Appointment></NonClinical>"
    assert update(client, note("x") + bad).permanence == "true"
    assert count_events(client) == before
