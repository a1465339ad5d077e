"""GetOrganisationMetaData, GetReferenceData and GetXSDFiles."""

import tempfile
from pathlib import Path

from systmone.simulator import schemas
from systmone.simulator.documents import Element, build, published, text_of
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.unit import Unit


def get_organisation_metadata(call: Call) -> Reply:
    """Section GetOrganisationMetaData; LoggedOnUserOnly leaves the current user and site."""
    if call.parameters.find("LoggedOnUserOnly") is not None:
        return [published(call.unit.current_site), published(call.unit.current_user)]
    parts: list[Element] = []
    for container in ("Sites", "Users", "SlotTypes", "ClinicTypes"):
        parts.extend(published(part) for part in call.unit.part(container))
    return parts


def get_reference_data(call: Call) -> Reply:
    """Section GetReferenceData: the units of every numeric code."""
    return [published(units) for units in call.unit.part("NumericCodes")]


def get_xsd_files(call: Call) -> Reply:
    """Section GetXSDFiles; without a Path the files go to a temporary folder."""
    path = text_of(call.parameters, "Path")
    folder = Path(path) if path else Path(tempfile.mkdtemp(prefix="systmone-"))
    try:
        written = schemas.write(folder, lists_of(call.unit))
    except OSError:
        raise RefusedPermanently(f"The path {path} does not exist or cannot be written") from None
    return [
        build(
            "XSD",
            [
                build("Function", schema.function),
                build("Version", schema.version),
                build("Result", f"Successfully written to {schema.path}"),
            ],
        )
        for schema in written
    ]


def lists_of(unit: Unit) -> schemas.OrganisationLists:
    """Return the names that this unit's schemas allow."""
    return schemas.OrganisationLists(
        task_types=tuple(unit.names("TaskTypes")),
        user_groups=tuple(unit.names("UserGroups")),
        letter_types=tuple(unit.names("LetterTypes")),
        clinic_types=tuple(unit.names("ClinicTypes")),
    )
