"""What the page shows."""

from urllib.parse import urlencode

from systmone.simulator.documents import Element
from systmone.simulator.journal import Entry, Outcome
from systmone.simulator.page.html import Part, button, page, table, tag
from systmone.simulator.simulator import Simulator

TITLE = "Client Integration Message Audit"
SHOWN = 200
REFRESH_SECONDS = "5"


def audit(simulator: Simulator, outcome: str, refreshes: str) -> bytes:
    """Return the audit, newest first; `outcome` "" shows all, `refreshes` "yes" loads it anew."""
    entries = [e for e in reversed(simulator.journal.entries) if outcome in ("", e.outcome)]
    return page(
        TITLE,
        *_question(simulator),
        _open_record(simulator),
        _devices(simulator),
        _messages(entries[:SHOWN], outcome, refreshes),
        refresh_seconds=REFRESH_SECONDS if refreshes == "yes" else "",
    )


def message(entry: Entry) -> bytes:
    """Return one message with its XML, as SystmOne's right-click options show it."""
    parts: list[Part] = [
        tag("p", tag("a", "Back to the audit", href="/")),
        tag("p", f"{entry.time}, {entry.function or 'unknown function'}: {entry.outcome}"),
        tag("h2", "Request"),
        tag("pre", entry.request, tabindex="0"),
    ]
    if entry.error:
        parts += [tag("h2", "Error response"), tag("pre", entry.error, tabindex="0")]
    return page(f"Message {entry.number}", *parts)


def _question(simulator: Simulator) -> list[Element]:
    question = simulator.devices.question
    if question is None:
        return []
    name = question.device_version or "(no DeviceVersion)"
    text = f"The application {name} with the API key {question.api_key} wants to connect."
    return [
        tag(
            "section",
            tag("h2", "Waiting for approval", id="approval"),
            tag("p", text),
            button("Approve", "/approve", name),
            button("Block", "/block", name),
            aria_labelledby="approval",
            class_="waiting",
        )
    ]


def _open_record(simulator: Simulator) -> Element:
    section = tag("section", tag("h2", "Open record", id="record"), aria_labelledby="record")
    number = simulator.desk.displayed
    if number is None:
        section.append(tag("p", "No record is open."))
        return section
    state = "with unsaved changes" if simulator.desk.has_unsaved_changes else "without changes"
    section.append(tag("p", f"The record of {number} is open, {state}."))
    section.append(button("Save", "/save", f"the record of {number}"))
    section.append(button("Discard", "/discard", f"the changes to the record of {number}"))
    return section


def _devices(simulator: Simulator) -> Element:
    rows: list[list[Part]] = []
    for device in simulator.devices.all():
        identifier, status = device.get("ID", ""), device.get("Status", "")
        action: Part = ""
        if status == "blocked":
            action = button("Lift the block", "/lift-block", f"of {identifier}", device=identifier)
        rows.append([identifier, device.get("Version", ""), status, action])
    heading = tag("h2", "Device Manager", id="devices")
    if not rows:
        return tag("section", heading, tag("p", "No device yet."), aria_labelledby="devices")
    headings = ["DeviceID", "DeviceVersion", "Status", "Action"]
    return tag("section", heading, table("Devices", headings, rows), aria_labelledby="devices")


def _messages(entries: list[Entry], outcome: str, refreshes: str) -> Element:
    headings = [
        "Message",
        "Time",
        "Function",
        "RequestUID",
        "DeviceID",
        "Outcome",
        "Committed",
        "Fault",
    ]
    rows: list[list[Part]] = [
        [
            tag("a", str(entry.number), href=f"/message/{entry.number}"),
            entry.time,
            entry.function,
            entry.request_uid,
            entry.device,
            entry.outcome,
            "yes" if entry.committed else "no",
            entry.fault,
        ]
        for entry in entries
    ]
    shown = outcome or "all"
    caption = f"Messages, newest first: {shown}"
    return tag(
        "section",
        tag("h2", "Messages", id="messages"),
        _filters(outcome, refreshes),
        table(caption, headings, rows) if rows else tag("p", f"No messages: {shown}."),
        aria_labelledby="messages",
    )


def _filters(outcome: str, refreshes: str) -> Element:
    links: list[Part] = []
    for choice in ("", *Outcome):
        label = choice or "all"
        here = {"aria_current": "true"} if choice == outcome else {}
        links.append(tag("a", label, href=_address(choice, refreshes), **here))
        links.append(" · ")
    toggle, label = ("", "Stop refreshing") if refreshes else ("yes", "Refresh every 5 seconds")
    links.append(tag("a", label, href=_address(outcome, toggle)))
    return tag("nav", tag("p", *links), aria_label="Filter and refresh")


def _address(outcome: str, refreshes: str) -> str:
    chosen = {"outcome": outcome, "refresh": refreshes}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"/?{query}" if query else "/"
