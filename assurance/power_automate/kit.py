"""The Power Automate kit of one Hub: a custom connector, and a flow in two kinds of package.

What varies, the Hub's address and the ids, is filled into the files of `source/`; no key is in any.
"""

import json
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SOURCE = Path(__file__).parent / "source"
GAP = re.compile(r"\{\{(\w+)\}\}")
ADDRESS = re.compile(
    r"(?P<base_url>https://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?)(?P<path>(/[\w.~-]+)*))/?",
    re.ASCII | re.IGNORECASE,
)

# The same ids in every kit: an import recognises the flow that an earlier one made.
NAMES = UUID("6f0d4b0e-6d0b-5c3f-9f0a-3f1f3a1c9d57")
IDS = {
    name: str(uuid5(NAMES, name)) for name in ("workflow_id", "flow_id", "asset_id", "package_id")
}
WORKFLOW_FILE = f"Workflows/AssuranceDashboardtoInpatientHub-{IDS['workflow_id'].upper()}.json"

KEY_PARAMETER = "parameters('Hub API key (hub_ApiKey)')"
KEY_STEP_OUTPUT = "outputs('Hub_API_key')"
ADDRESS_PARAMETER = "@{parameters('Hub address (hub_BaseUrl)')}"
FIRST_STEP = "Is_it_a_completed_audit"

Json = dict[str, Any]


class NotAnAddress(ValueError):
    """This is not the address of a Hub that Power Automate could call."""


def kit_for(base_url: str) -> dict[str, bytes]:
    """Return the files of the kit for the Hub at `base_url`, by their paths; always the same bytes.

    Raises `NotAnAddress`.
    """
    facts = {**_address(base_url), **IDS, "workflow_file": WORKFLOW_FILE}
    connector = ("connector/apiDefinition.swagger.json", "connector/apiProperties.json")
    payload = ("audit-completed.schema.json", "audit-completed.example.json")
    flow = _flow(facts)
    return {
        **{name: _filled(name, facts).encode() for name in (*connector, *payload)},
        "InpatientHubAssuranceSync_1_0_0_0.zip": _zipped(_solution(flow, facts)),
        "inpatient-hub-flow-package.zip": _zipped(_package(flow, facts)),
    }


def _address(base_url: str) -> dict[str, str]:
    parts = ADDRESS.fullmatch(base_url.strip())
    if parts is None:
        raise NotAnAddress(
            f"“{base_url}” is not the address of a Hub that Power Automate can call. "
            "Give one that begins with https:// and ends with the host's name or a path, "
            "for example https://hub.example.nhs.uk."
        )
    return {
        "base_url": parts["base_url"],
        "scheme": "https",
        "host": parts["host"],
        "base_path": parts["path"] or "/",
    }


def _flow(facts: Mapping[str, str]) -> Json:
    """Return the flow, which takes the Hub's address and key from environment variables."""
    flow = _filled_json("flow/definition.json", facts)
    schema = _filled_json("audit-completed.schema.json", facts)
    flow["triggers"]["manual"]["inputs"]["schema"] = schema
    flow["actions"]["Parse_the_audit"]["inputs"]["schema"] = schema
    return flow


def _solution(flow: Json, facts: Mapping[str, str]) -> dict[str, str]:
    workflow = _filled_json("solution/workflow.json", facts)
    workflow["properties"]["definition"] = flow
    variables = {
        f"environmentvariabledefinitions/{name}/environmentvariabledefinition.xml": (
            # The import refuses anything but the element itself, even a last line feed.
            _filled(f"solution/{name}.xml", facts).strip()
        )
        for name in ("hub_ApiKey", "hub_BaseUrl")
    }
    return {
        "[Content_Types].xml": _filled("solution/content_types.xml", facts),
        "solution.xml": _filled("solution/solution.xml", facts),
        "customizations.xml": _filled("solution/customizations.xml", facts),
        WORKFLOW_FILE: _text(workflow),
        **variables,
    }


def _package(flow: Json, facts: Mapping[str, str]) -> dict[str, str]:
    document = _filled_json("package/definition.json", facts)
    document["properties"]["definition"] = _without_variables(flow, facts)
    folder = f"Microsoft.Flow/flows/{facts['asset_id']}"
    return {
        "manifest.json": _filled("package/manifest.json", facts),
        "Microsoft.Flow/flows/manifest.json": _filled("package/flows_manifest.json", facts),
        f"{folder}/definition.json": _text(document),
        f"{folder}/apisMap.json": "{}\n",
        f"{folder}/connectionsMap.json": "{}\n",
    }


def _without_variables(flow: Json, facts: Mapping[str, str]) -> Json:
    """Return `flow` for outside a solution, where there are no environment variables.

    The address is written in; a first step holds the key.
    """
    text = _text(flow).replace(ADDRESS_PARAMETER, facts["base_url"])
    own: Json = json.loads(text.replace(KEY_PARAMETER, KEY_STEP_OUTPUT))
    for name in [name for name in own["parameters"] if not name.startswith("$")]:
        del own["parameters"][name]
    key_step = _filled_json("flow/key_step.json", facts)
    own["actions"][FIRST_STEP]["runAfter"] = {name: ["Succeeded"] for name in key_step}
    own["actions"] = {**key_step, **own["actions"]}
    return own


def _filled(name: str, facts: Mapping[str, str]) -> str:
    text = (SOURCE / name).read_text(encoding="utf-8")
    return GAP.sub(lambda gap: facts[gap[1]], text)


def _filled_json(name: str, facts: Mapping[str, str]) -> Json:
    filled: Json = json.loads(_filled(name, facts))
    return filled


def _text(document: Json) -> str:
    return json.dumps(document, indent=2) + "\n"


def _zipped(files: Mapping[str, str]) -> bytes:
    """Return a zip of `files` that does not depend on when and where it is made."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in files.items():
            entry = ZipInfo(name)  # of 1 January 1980
            entry.create_system = 0
            archive.writestr(entry, text, ZIP_DEFLATED)
    return content.getvalue()
