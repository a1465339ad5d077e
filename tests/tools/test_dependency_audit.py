import json

import pytest

from tools.dependency_audit import Audit, main, read_report

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
VULNERABLE = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [
        {"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"], "aliases": ["CVE-2014-1402"]},
        {"id": "PYSEC-2099-1", "fix_versions": []},
    ],
}
SKIPPED = {"name": "celery", "skip_reason": "Dependency not found"}


def report_on(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_clean() -> None:
    assert read_report(report_on(CLEAN), "No known vulnerabilities found") == Audit()


def test_vulnerable() -> None:
    assert read_report(report_on(CLEAN, VULNERABLE), "").vulnerabilities == [
        "jinja2 2.4.1: PYSEC-2014-8, CVE-2014-1402, fixed in 2.7.2",
        "jinja2 2.4.1: PYSEC-2099-1, fixed in no version yet",
    ]


def test_skipped() -> None:
    audit = read_report(report_on(SKIPPED, CLEAN, SKIPPED), "No known vulnerabilities found")
    assert audit == Audit(
        not_audited="2 of 3 packages skipped, the first with “Dependency not found”"
    )


def test_vulnerable_and_skipped() -> None:
    audit = read_report(report_on(SKIPPED, VULNERABLE), "")
    assert audit.vulnerabilities
    assert audit.not_audited


@pytest.mark.parametrize(
    "report", ["", "garbage", "[]", "null", "{}", '{"dependencies": null}', '{"dependencies": [1]}']
)
def test_no_report(report: str) -> None:
    assert read_report(report, "") == Audit(not_audited="pip-audit gave no report")


def test_no_report_but_a_complaint() -> None:
    audit = read_report("", "Traceback:\n  at this place\nConnectionError: no such host\n")
    assert audit == Audit(not_audited="ConnectionError: no such host")


@pytest.mark.parametrize(
    ("dependencies", "status", "said"),
    [
        ([CLEAN], 0, "no known vulnerability\n"),
        ([SKIPPED], 0, "not audited: 1 of 1 packages skipped, the first with “Dependency…"),
        ([SKIPPED, VULNERABLE], 1, "jinja2 2.4.1: PYSEC-2014-8, CVE-2014-1402, fixed in 2.7.2\n"),
    ],
)
def test_what_it_says_and_its_exit_status(
    dependencies: list[object],
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(
        "tools.dependency_audit.run_pip_audit", lambda: (report_on(*dependencies), "")
    )
    assert main() == status
    assert capsys.readouterr().out.startswith(said.removesuffix("…"))
