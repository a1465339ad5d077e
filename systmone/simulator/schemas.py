"""The XSDs of the requests, as GetXSDFiles writes them (specification: GetXSDFiles).

`xsd/` holds the shared envelope, the shared types, and each function's parameters; a function's
schema is the envelope with its parameters and those types that they need, complete in one file.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from lxml import etree

VERSION = "1.0"
FUNCTIONS = (
    "GetFunctions",
    "GetOrganisationMetaData",
    "GetCurrentActivity",
    "GetCurrentSelection",
    "PatientSearch",
    "GetPatientRecord",
    "UpdatePatientRecord",
    "GetDocument",
    "DeleteFromPatientRecord",
    "GetAppointmentSlots",
    "GetDiary",
    "ExitClient",
    "DataExtract",
    "LaunchFunctionality",
    "GetXSDFiles",
    "GetReferenceData",
    "IsPatientRetrieved",
)
# The specification's heading names it one way and its example the other.
OTHER_NAMES = {"DeletePatientRecord": "DeleteFromPatientRecord"}

FRAGMENTS = Path(__file__).parent / "xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"
WHAT_THE_PLACE_SAYS = re.compile(r"^Element '[^']*'[:,] |\[facet '[^']*'\] ")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationLists:
    """The values that a unit has set up for itself; an empty list restricts nothing."""

    task_types: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    letter_types: tuple[str, ...] = ()
    recall_types: tuple[str, ...] = ()
    clinic_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSchema:
    """One file that `write` wrote."""

    function: str
    version: str
    path: Path


def write(folder: Path, lists: OrganisationLists) -> list[WrittenSchema]:
    """Write every function's schema into `folder`, which must exist.

    Raises OSError where it does not, or cannot be written.
    """
    return [_written(function, folder, lists) for function in FUNCTIONS]


def fault_in(request: etree._Element, function: str, lists: OrganisationLists) -> str | None:
    """What is wrong with `request`, a whole ClientIntegrationRequest for `function`, in a sentence.

    None where it matches the schema. The sentence may repeat a value of the request.
    """
    function = OTHER_NAMES.get(function, function)
    if function not in FUNCTIONS:
        return f"{function} is not a function of this interface."
    with _ONE_AT_A_TIME:
        schema = _compiled(function, lists)
        return None if schema.validate(request) else _sentence(schema)


# lxml keeps the faults of the latest document in the schema, which all threads share.
_ONE_AT_A_TIME = Lock()


def _sentence(schema: etree.XMLSchema) -> str:
    fault = schema.error_log[0]
    place = str(fault.path).removeprefix("/ClientIntegrationRequest/")
    return f"{place}: {WHAT_THE_PLACE_SAYS.sub('', fault.message)}"


def _written(function: str, folder: Path, lists: OrganisationLists) -> WrittenSchema:
    path = folder / f"{function} v{VERSION}.xsd"
    document = _schema(function, lists)
    etree.indent(document)
    path.write_bytes(etree.tostring(document, encoding="UTF-8", xml_declaration=True))
    return WrittenSchema(function=function, version=VERSION, path=path)


@cache
def _compiled(function: str, lists: OrganisationLists) -> etree.XMLSchema:
    return etree.XMLSchema(_schema(function, lists))


def _schema(function: str, lists: OrganisationLists) -> etree._Element:
    schema = _fragment("request.xsd")
    next(schema.iter(f"{XS}all")).append(_fragment(f"parameters/{function}.xml"))
    schema.extend(_needed_by(schema))
    values = _enumerations(function, lists)
    for definition in schema.iterchildren(f"{XS}simpleType"):
        for value in values.get(definition.attrib["name"], ()):
            etree.SubElement(definition[0], f"{XS}enumeration", value=value)
    return schema


def _needed_by(schema: etree._Element) -> list[etree._Element]:
    """Copies of the shared definitions that `schema` refers to, and that these refer to."""
    shared = _shared_definitions()
    needed: set[str] = set()
    waiting = [schema]
    while waiting:
        names = set(_references(waiting.pop())) & shared.keys() - needed
        needed |= names
        waiting += [shared[name] for name in names]
    return [deepcopy(definition) for name, definition in shared.items() if name in needed]


def _references(definition: etree._Element) -> Iterator[str]:
    for element in definition.iter(etree.Element):
        for attribute in ("type", "base", "ref", "memberTypes"):
            yield from element.get(attribute, "").split()


def _enumerations(function: str, lists: OrganisationLists) -> dict[str, tuple[str, ...]]:
    # "You can always just use Miscellaneous" (specification: Update Example: Adding a Letter).
    letter_types = lists.letter_types and (*lists.letter_types, "Miscellaneous")
    return {
        "FunctionName": (function, *(old for old, new in OTHER_NAMES.items() if new == function)),
        "TaskType": lists.task_types,
        "UserGroup": lists.user_groups,
        "LetterType": letter_types,
        "RecallType": lists.recall_types,
        "ClinicType": lists.clinic_types,
    }


@cache
def _shared_definitions() -> dict[str, etree._Element]:
    files = sorted((FRAGMENTS / "types").glob("*.xsd"))
    return {
        definition.attrib["name"]: definition
        for file in files
        for definition in _fragment(f"types/{file.name}").iterchildren(etree.Element)
    }


def _fragment(name: str) -> etree._Element:
    return etree.parse(FRAGMENTS / name, etree.XMLParser(remove_blank_text=True)).getroot()
