"""Turning a page into a PDF that screen readers can read, too."""


def draw(page: str) -> bytes:
    """Return `page`, which is HTML, as a tagged PDF with the page's language and title.

    Nothing is fetched, from a file or a host: what the page needs stands in it.
    """
    from weasyprint import HTML  # loads Pango, which nothing else needs
    from weasyprint.urls import URLFetcher

    fetches_nothing = URLFetcher(allowed_protocols=())
    drawn: bytes = HTML(string=page, url_fetcher=fetches_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return drawn
