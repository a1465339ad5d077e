"""Tables as files: CSV and XLSX, read as text with clear limits, and written without formulas."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Table = list[list[str]]

MOST_BYTES = 1024 * 1024
MOST_ROWS = 200
MOST_LINES = 5_000  # empty ones included
MOST_COLUMNS = 50
MOST_CHARACTERS = 200  # in a cell
MOST_UNPACKED = 4 * MOST_BYTES
MOST_TAGS = 200_000  # of a workbook: openpyxl takes a whole row at once, however wide

# The last four are the first four in the width of Chinese and Japanese letters.
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

# What zipfile, the XML parser and openpyxl raise for a file that is none, or is broken.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    OSError,
)


class UnreadableFile(Exception):
    """The file cannot be read; the text says what to do."""


def read(content: bytes) -> Table:
    """Return the rows of a CSV or XLSX file, without the empty cells at their end.

    Raises UnreadableFile.
    """
    if content.startswith(b"PK"):
        return _within_limits(_rows_of_xlsx(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("This is an old or a protected Excel file: save it as XLSX or CSV.")
    return _within_limits(_rows_of_csv(content))


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return `rows` as CSV that Excel opens with its accents."""
    text = io.StringIO()
    csv.writer(text).writerows([without_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Return `rows` as an Excel workbook of one sheet, every cell a text."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Hub")
    for row in rows:
        sheet.append([without_formula(cell) for cell in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def without_formula(text: str) -> str:
    """Return `text` so that every spreadsheet can hold it and none takes it for a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


def _within_limits(rows: Iterable[Sequence[Any]]) -> Table:
    table: Table = []
    count = 0
    for line, row in enumerate(rows, start=1):
        if line > MOST_LINES:
            raise UnreadableFile(f"The file has more than {MOST_LINES} lines: delete empty ones.")
        cells = [_as_text(cell) for cell in row]
        if any(len(cell) > MOST_CHARACTERS for cell in cells):
            raise UnreadableFile(f"A cell in line {line} has more than {MOST_CHARACTERS} letters.")
        while cells and not cells[-1]:
            cells.pop()
        table.append(cells)
        count += any(cells)
        if count > MOST_ROWS + 1:
            raise UnreadableFile(f"The file has more than {MOST_ROWS} patients: split it.")
    return table


def _rows_of_csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise UnreadableFile("The file is no CSV that can be read: save it anew.") from error


def _decoded(content: bytes) -> str:
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile("This is neither a CSV nor an XLSX file: save it as one of them.")


def _rows_of_xlsx(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        if not _is_small(content):
            raise UnreadableFile("The file is too large when unpacked: copy its rows to a new one.")
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from workbook.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS)
    except BROKEN as error:
        raise UnreadableFile("The file is no Excel file that can be read: save it anew.") from error


def _is_small(content: bytes) -> bool:
    """Say whether a workbook is one that the parser soon has read."""
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        parts = workbook.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            return False
        return sum(workbook.read(part).count(b"<") for part in parts) <= MOST_TAGS


def _as_text(cell: Any) -> str:
    """Return a cell as somebody would type it; a formula's guard is taken off again."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    text = str(cell).replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(BEGINS_FORMULA) else text
