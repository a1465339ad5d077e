"""`manage.py power_automate_kit`: what it writes, and what it says when it cannot."""

import json
import re
from io import StringIO
from pathlib import Path
from uuid import uuid5
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from lxml import etree
from pytest_django import Settings

from assurance.openapi import PROBLEMS
from assurance.power_automate.kit import IDS, NAMES, WORKFLOW_FILE, kit_for
from tests.assurance.posting import Byron
from tests.assurance.power_automate.conftest import HUB, PACKAGE, SOLUTION, opened

SECRETS = {
    "an API key": r"hub_[a-z0-9]{8}_[A-Za-z0-9_-]{20,}",
    "a signature of an address": r"[?&]sig=",
    "a bearer token": r"(?i)bearer\s+[A-Za-z0-9._-]{10,}",
    "a password in an address": r"https?://[^/\s\"]+:[^/\s\"]+@",
    "a long random text": r"\b(?=[A-Za-z0-9+_-]*\d)(?=[A-Za-z0-9+_-]*[a-z])"
    r"(?=[A-Za-z0-9+_-]*[A-Z])[A-Za-z0-9+_-]{40,}",
}
IDS_IN_FILE_NAMES = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def build(out: Path, base_url: str = HUB) -> list[str]:
    said = StringIO()
    call_command("power_automate_kit", base_url=base_url, out=out, stdout=said)
    return said.getvalue().splitlines()


def test_the_command_writes_the_kit_and_names_its_files(tmp_path: Path) -> None:
    out = tmp_path / "new" / "kit"

    named = build(out)

    files = {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*.*")}
    files = {name: content for name, content in files.items() if (out / name).is_file()}
    assert files == kit_for(HUB)
    assert sorted(named) == sorted(str(out / name) for name in files)


def test_the_same_address_gives_the_same_bytes() -> None:
    assert kit_for(HUB) == kit_for(f"{HUB}/")
    assert kit_for(HUB) != kit_for("https://hub.example.nhs.uk")


@pytest.mark.parametrize(
    "address",
    [
        "hub.example.nhs.uk",
        "http://hub.example.nhs.uk",
        "https://",
        "https://hub.example.nhs.uk?tier=max",
        "https://hub.example.nhs.uk/#top",
        "https://nurse:secret@hub.example.nhs.uk",
        'https://hub.example.nhs.uk/"quoted"',
        "https://hub.example.nhs.uk/<b>",
    ],
)
def test_a_bad_address_is_told_and_nothing_is_written(tmp_path: Path, address: str) -> None:
    with pytest.raises(CommandError, match="begins with https://"):
        build(tmp_path / "kit", address)
    assert not (tmp_path / "kit").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        build(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Choose another folder"):
        build(tmp_path / "file" / "kit")


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_other_tiers_have_no_kit(tmp_path: Path, settings: Settings, tier: str) -> None:
    settings.HUB_TIER = tier
    with pytest.raises(CommandError, match="needs Max"):
        build(tmp_path / "kit")
    assert not (tmp_path / "kit").exists()


def _texts(kit: dict[str, bytes]) -> dict[str, str]:
    """Return every text of `kit`, those inside its zips too."""
    texts: dict[str, str] = {}
    for name, content in kit.items():
        if name.endswith(".zip"):
            texts |= {f"{name}/{inner}": text for inner, text in opened(content).items()}
        else:
            texts[name] = content.decode()
    return texts


@pytest.mark.django_db
def test_no_secret_is_in_the_kit(byron: Byron, kit: dict[str, bytes]) -> None:
    for name, text in _texts(kit).items():
        assert byron.key not in text, name
        for secret, pattern in SECRETS.items():
            found = re.search(pattern, IDS_IN_FILE_NAMES.sub("", f"{name}\n{text}"))
            assert found is None, f"{name} holds {secret}: {found}"


@pytest.mark.django_db
def test_the_search_for_secrets_would_find_one(byron: Byron) -> None:
    assert re.search(SECRETS["an API key"], f'"X-API-Key": "{byron.key}"')
    assert re.search(SECRETS["a long random text"], byron.key.partition("_")[2] + "Aa1")
    assert re.search(SECRETS["a signature of an address"], "https://prod.example/run?sv=1&sig=x")
    assert re.search(SECRETS["a password in an address"], "https://nurse:secret@hub.example")
    assert re.search(SECRETS["a bearer token"], "Authorization: Bearer eyJhbGciOi.x")


def test_no_gap_is_left_open(kit: dict[str, bytes]) -> None:
    for name, text in _texts(kit).items():
        assert not re.search(r"\{\{\w+\}\}", f"{name} {text}"), name


def test_ids_come_from_names(kit: dict[str, bytes]) -> None:
    assert {name: str(uuid5(NAMES, name)) for name in IDS} == IDS
    assert len(set(IDS.values())) == len(IDS)


@pytest.mark.parametrize("archive", [SOLUTION, PACKAGE])
def test_the_zips_open_everywhere(kit: dict[str, bytes], archive: str, tmp_path: Path) -> None:
    file = tmp_path / "kit.zip"
    file.write_bytes(kit[archive])
    with ZipFile(file) as opened_again:
        assert opened_again.testzip() is None
        for entry in opened_again.infolist():
            assert "\\" not in entry.filename
            assert entry.compress_type == ZIP_DEFLATED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_solution_holds_what_its_manifest_names(kit: dict[str, bytes]) -> None:
    files = opened(kit[SOLUTION])
    assert WORKFLOW_FILE in files
    assert WORKFLOW_FILE.endswith(f"-{IDS['workflow_id'].upper()}.json")
    roots = etree.fromstring(files["solution.xml"].encode()).findall(".//RootComponent")
    assert [(root.get("type"), root.get("id") or root.get("schemaName")) for root in roots] == [
        ("29", f"{{{IDS['workflow_id']}}}"),
        ("380", "hub_ApiKey"),
        ("380", "hub_BaseUrl"),
    ]
    [workflow] = etree.fromstring(files["customizations.xml"].encode()).findall(".//Workflow")
    assert workflow.get("WorkflowId") == f"{{{IDS['workflow_id']}}}"
    assert workflow.findtext("JsonFileName") == f"/{WORKFLOW_FILE}"
    assert workflow.findtext("Category") == "5"
    types = etree.fromstring(files["[Content_Types].xml"].encode())
    told = {one.get("Extension") for one in types}
    assert {name.rpartition(".")[2] for name in files} <= told


def test_the_solution_asks_for_the_key_and_knows_the_address(kit: dict[str, bytes]) -> None:
    files = opened(kit[SOLUTION])
    for name, address in (("hub_ApiKey", None), ("hub_BaseUrl", HUB)):
        text = files[f"environmentvariabledefinitions/{name}/environmentvariabledefinition.xml"]
        # Anything before or after the element makes the import fail.
        assert text.startswith("<environmentvariabledefinition ")
        assert text.endswith("</environmentvariabledefinition>")
        variable = etree.fromstring(text)
        assert variable.get("schemaname") == name
        assert variable.findtext("defaultvalue") == address
        assert variable.findtext("isrequired") == "1"
    parameters = json.loads(files[WORKFLOW_FILE])["properties"]["definition"]["parameters"]
    asked = {
        name: one["metadata"]["schemaName"] for name, one in parameters.items() if "$" not in name
    }
    assert asked == {
        "Hub address (hub_BaseUrl)": "hub_BaseUrl",
        "Hub API key (hub_ApiKey)": "hub_ApiKey",
    }


def test_the_package_holds_what_its_manifests_name(kit: dict[str, bytes]) -> None:
    files = opened(kit[PACKAGE])
    asset = IDS["asset_id"]
    assert sorted(files) == sorted(
        [
            "manifest.json",
            "Microsoft.Flow/flows/manifest.json",
            f"Microsoft.Flow/flows/{asset}/definition.json",
            f"Microsoft.Flow/flows/{asset}/apisMap.json",
            f"Microsoft.Flow/flows/{asset}/connectionsMap.json",
        ]
    )
    resources = json.loads(files["manifest.json"])["resources"]
    assert resources[asset]["type"] == "Microsoft.Flow/flows"
    flows = json.loads(files["Microsoft.Flow/flows/manifest.json"])["flowAssets"]
    assert flows["assetPaths"] == [asset]
    flow = json.loads(files[f"Microsoft.Flow/flows/{asset}/definition.json"])
    assert flow["id"] == f"/providers/Microsoft.Flow/flows/{flow['name']}"
    assert flow["name"] != asset


def test_the_page_for_engineers_names_every_file_step_and_status(kit: dict[str, bytes]) -> None:
    page = (Path(django_settings.BASE_DIR) / "docs" / "power-automate.md").read_text()
    for name in kit:
        assert f"kit/{name}\n" in page
    for step in ("Parse_the_audit", "Map_to_the_Hub", "Post_to_the_Hub", "Log_completed"):
        assert step in page
        assert step in opened(kit[SOLUTION])[WORKFLOW_FILE]
    for status in PROBLEMS:
        assert f"| {status} |" in page
