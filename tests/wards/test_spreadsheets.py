"""Files of tables: what is read, what is refused and with which words, and no formula goes out."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from wards import spreadsheets
from wards.spreadsheets import MOST_LINES, MOST_ROWS, UnreadableFile

TABLE = [["Surname", "Born"], ["Brontë", "31/12/1980"]]


def xlsx(*rows: list[object]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def bomb() -> bytes:
    """Return a small workbook that unpacks to 60 MB."""
    file = io.BytesIO(xlsx(["Surname"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.bin", b"0" * 60 * 1024 * 1024)
    return file.getvalue()


def wide() -> bytes:
    """Return a workbook of 20 KB with 800,000 cells in its first row."""
    whole, file = io.BytesIO(xlsx(["Surname"])), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                text = text.replace(b"</row>", b"<c/>" * 800_000 + b"</row>")
            new.writestr(part, text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_as_excel_and_others_write_it(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in TABLE)
    assert spreadsheets.read(text.encode(encoding)) == TABLE


def test_cells_of_excel_are_read_as_somebody_would_type_them() -> None:
    row = [
        9434765919,
        4.0,
        date(1980, 12, 31),
        datetime.fromisoformat("2026-01-02"),
        None,
        " Quill\u00a0",
    ]
    assert spreadsheets.read(xlsx(row)) == [
        ["9434765919", "4", "1980-12-31", "2026-01-02", "", "Quill"]
    ]


def test_empty_lines_keep_their_number() -> None:
    assert spreadsheets.read(b"Surname\n\n,\nQuill\n") == [["Surname"], [], [], ["Quill"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0 old", "old or a protected Excel file"),
        (b"\x89PNG\r\n\0\0\0", "neither a CSV nor an XLSX file"),
        (b"PK\x03\x04 torn", "no Excel file that can be read"),
        (xlsx(["Surname"])[:400], "no Excel file that can be read"),
        (b'Surname\n"Quill', "no CSV that can be read"),
        (b"x" * 300, "line 1 has more than 200 letters"),
        (b"x\n" * (MOST_ROWS + 2), f"more than {MOST_ROWS} patients"),
        (b"\n" * (MOST_LINES + 1), f"more than {MOST_LINES} lines"),
        (bomb(), "too large when unpacked"),
        (wide(), "too large when unpacked"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_what_cannot_be_read_is_said_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        spreadsheets.read(content)


def test_as_many_patients_as_allowed_are_read() -> None:
    assert len(spreadsheets.read(b"x\n" * (MOST_ROWS + 1))) == MOST_ROWS + 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"]
)
def test_no_text_goes_out_as_a_formula(text: str) -> None:
    as_csv = csv.reader(io.StringIO(spreadsheets.write_csv([[text]]).decode("utf-8-sig")))
    assert next(as_csv)[0] == f"'{text}"
    sheet = load_workbook(io.BytesIO(spreadsheets.write_xlsx([["Surname", text]]))).worksheets[0]
    assert {cell.data_type for cell in sheet[1]} == {"s"}


def test_what_no_spreadsheet_can_hold_is_left_out() -> None:
    """A line break of Word, for example: the other patients' rows go out all the same."""
    assert spreadsheets.read(spreadsheets.write_xlsx([["Bron\x0bt\x00ë"]])) == [["Brontë"]]
    assert "Brontë" in spreadsheets.write_csv([["Bron\x0btë"]]).decode()
    assert "'=1" in spreadsheets.write_csv([["\x0b=1"]]).decode()


def test_many_empty_cells_with_a_border_are_read() -> None:
    row: list[object] = ["x"] * 50
    assert spreadsheets.read(xlsx(*[row] * 150))[149] == row


def test_what_goes_out_comes_back() -> None:
    table = [["Surname", "Note"], ["Brontë", "-2 kg"], ["O'Hara", "'quoted'"]]
    assert spreadsheets.read(spreadsheets.write_csv(table)) == table
    assert spreadsheets.read(spreadsheets.write_xlsx(table)) == table
