"""DataExtract: the Strategic Reporting tables as they are made each night."""

import csv
import io
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from systmone.simulator.documents import Element, build, text_of
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.unit import Unit

ENCODING = "cp1252"
MADE_AT_HOUR = 2
TABLES = ("SRPatient", "SRHospitalAdmissionAndDischarge", "SRWardStay")

Row = dict[str, str]


def data_extract(call: Call) -> Reply:
    """Section DataExtract: write the extract, unless the CRC says that it was fetched before."""
    name, directory = text_of(call.parameters, "Name"), text_of(call.parameters, "Directory")
    if name not in call.unit.names("DataExtracts"):
        raise RefusedPermanently(f"The data extract {name} does not exist")
    if not directory or not Path(directory).is_dir():
        raise RefusedPermanently(f"The directory {directory} does not exist")
    made = _made_at(call.now)
    manifest = _as_csv(_manifest_row(table, made) for table in TABLES)
    crc = str(zlib.crc32(manifest))
    if crc != text_of(call.parameters, "SRManifestCRC"):
        _write(Path(directory), manifest, call.unit)
    return [build("SRManifestCRC", crc)]


def _made_at(now: datetime) -> datetime:
    last_night = now - timedelta(hours=MADE_AT_HOUR)
    return last_night.replace(hour=MADE_AT_HOUR, minute=0, second=0, microsecond=0)


def _write(directory: Path, manifest: bytes, unit: Unit) -> None:
    patients = [patient for number in unit.numbers if (patient := unit.patient(number)) is not None]
    rows = {
        "SRPatient": [_patient_row(patient) for patient in patients],
        "SRHospitalAdmissionAndDischarge": [_admission_row(patient) for patient in patients],
        "SRWardStay": [_ward_stay_row(patient) for patient in patients],
    }
    try:
        for table in TABLES:
            (directory / f"{table}.csv").write_bytes(_as_csv(rows[table]))
        # The manifest comes last: where it is, everything that it lists is.
        (directory / "SRManifest.csv").write_bytes(manifest)
    except OSError:
        raise RefusedPermanently(f"The directory {directory} cannot be written") from None


def _as_csv(rows: Iterable[Row]) -> bytes:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    # The extract's charset lacks letters such as ł, and SystmOne then writes a question mark.
    return text.getvalue().encode(ENCODING, errors="replace")


def _manifest_row(table: str, made: datetime) -> Row:
    return {
        "FileName": table,
        "IsDelta": "N",
        "IsReference": "N",
        "DateExtractFrom": "",
        "DateExtractTo": f"{made:%Y%m%d_%H%M}",
    }


def _identifier(patient: Element) -> str:
    return text_of(patient, "Identity/StrategicReportingIdentifier")


def _patient_row(patient: Element) -> Row:
    def field(tag: str) -> str:
        return text_of(patient, f"Demographics/{tag}")

    return {
        "RowIdentifier": _identifier(patient),
        "Title": field("Title"),
        "FirstName": field("FirstName"),
        "MiddleNames": field("MiddleNames"),
        "Surname": field("Surname"),
        "NHSNumber": text_of(patient, "Identity/NHSNumber"),
        "DateBirth": _date(field("DateOfBirth"), ""),
        "DateDeath": "",
        "Gender": field("Sex"),
        "SpeaksEnglish": field("EnglishSpeaker"),
        "EmailAddress": field("EmailAddress"),
        "TestPatient": "FALSE",
        "RemovedData": "0",
    }


def _admission_row(patient: Element) -> Row:
    return {
        "RowIdentifier": f"7{_identifier(patient)}",
        "IDPatient": _identifier(patient),
        "DateAdmitted": _date(text_of(patient, "Demographics/CareStartDate"), " 00:00:00"),
        "DateDischarged": "",
        "RemovedData": "0",
    }


def _ward_stay_row(patient: Element) -> Row:
    return {
        "RowIdentifier": f"8{_identifier(patient)}",
        "IDPatient": _identifier(patient),
        "PlaceName": f"{patient.get('ward')} Ward",
        "DateStayStart": _date(text_of(patient, "Demographics/CareStartDate"), " 00:00:00"),
        "DateEnd": "",
        "IDHospitalAdmissionAndDischarge": f"7{_identifier(patient)}",
        "RemovedData": "0",
    }


def _date(text: str, time: str) -> str:
    return f"{datetime.fromisoformat(text):%d %b %Y}{time}" if text else ""
