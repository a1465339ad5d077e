"""Files that a page hands out."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from wards import pdf, spreadsheets

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def table(rows: Iterable[Sequence[str]], *, name: str, kind: str) -> HttpResponse:
    """Return `rows` as a file called `name`, of the kind `csv` or `xlsx`."""
    write = {"csv": spreadsheets.write_csv, "xlsx": spreadsheets.write_xlsx}[kind]
    return _file(write(rows), name=name, kind=kind)


def paper(page: str, *, name: str) -> HttpResponse:
    """Return `page`, which is HTML, as a PDF called `name`."""
    return _file(pdf.draw(page), name=name, kind="pdf")


def _file(content: bytes, *, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
