"""HTML from parts; every text is escaped because it is set as text, never joined as markup."""

from lxml import etree

from systmone.simulator.documents import Element

Part = str | Element


def tag(name: str, /, *parts: Part, **attributes: str) -> Element:
    """Return an element with these parts; `class_` stands for class, aria_label for aria-label."""
    names = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    element = etree.Element(name, names)
    for part in parts:
        if not isinstance(part, str):
            element.append(part)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + printable(part)
        else:
            element.text = (element.text or "") + printable(part)
    return element


def printable(text: str) -> str:
    """Return the text without what a page cannot hold, such as control characters."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )


def button(label: str, action: str, description: str, /, **hidden: str) -> Element:
    """Return a form of one button; `description` says to a screen reader what it is about."""
    fields = [tag("input", type="hidden", name=name, value=value) for name, value in hidden.items()]
    press = tag("button", label, tag("span", f" {description}", class_="unseen"), type="submit")
    return tag("form", *fields, press, method="post", action=action)


def table(caption: str, headings: list[str], rows: list[list[Part]]) -> Element:
    """Return a table whose first column names the row."""
    head = tag("tr", *(tag("th", heading, scope="col") for heading in headings))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:]))
        for row in rows
    ]
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))


def page(title: str, *parts: Part, refresh_seconds: str = "") -> bytes:
    """Return a whole page; with `refresh_seconds` the browser loads it again and again."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/style.css"),
    )
    if refresh_seconds:
        head.append(etree.Element("meta", {"http-equiv": "refresh", "content": refresh_seconds}))
    header = tag("header", tag("a", "Skip to the content", href="#content", class_="skip"))
    header.append(tag("p", "SystmOne simulator: all data is fictional"))
    body = tag("body", header, tag("main", tag("h1", title), *parts, id="content"))
    document = tag("html", head, body, lang="en-GB")
    return etree.tostring(document, method="html", encoding="UTF-8", doctype="<!DOCTYPE html>")


STYLE = b"""
body { font: 1rem/1.5 system-ui, sans-serif; color: #212b32; background: #fff; margin: 0; }
header { background: #005eb8; color: #fff; padding: .5rem 1rem; }
header p { margin: 0; font-weight: bold; }
main { padding: 0 1rem 2rem; }
a { color: #005eb8; } a:visited { color: #330072; }
a:focus, button:focus { outline: 4px solid #ffeb3b; background: #ffeb3b; color: #212b32; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { font-weight: bold; text-align: left; padding: .25rem 0; }
th, td { border-bottom: 1px solid #768692; padding: .25rem .75rem .25rem 0; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
thead th { overflow-wrap: normal; }
form { display: inline-block; margin: 0 .5rem .5rem 0; }
button { font: inherit; color: #fff; background: #006747; border: 0; padding: .5rem 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f0f4f5; padding: 1rem; }
.skip, .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: static; width: auto; height: auto; clip-path: none; }
.waiting { border-left: 8px solid #b34700; padding-left: 1rem; }
"""
