"""Ask pip-audit whether a pinned dependency has a known vulnerability.

Says `not audited` in a line of its own, and succeeds, where pip-audit could not ask its source:
pip-audit itself skips every package then, and calls that "no known vulnerabilities found".
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"


@dataclass(frozen=True)
class Audit:
    """What an audit found, and why packages were not audited."""

    vulnerabilities: list[str] = field(default_factory=list)
    not_audited: str = ""


def main() -> int:
    """Audit the requirements; return the exit status."""
    audit = read_report(*run_pip_audit())
    for vulnerability in audit.vulnerabilities:
        print(vulnerability)
    if audit.not_audited:
        print(f"not audited: {audit.not_audited}")
    elif not audit.vulnerabilities:
        print("no known vulnerability")
    return 1 if audit.vulnerabilities else 0


def run_pip_audit() -> tuple[str, str]:
    """Return what pip-audit wrote on standard output and on standard error."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(REQUIREMENTS)]
    options = ["--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off"]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    return result.stdout, result.stderr


def read_report(report: str, complaint: str) -> Audit:
    """Read pip-audit's JSON report; its `complaint` explains a report that is none."""
    try:
        return read_dependencies(json.loads(report)["dependencies"])
    except (ValueError, KeyError, TypeError):
        last_line = complaint.strip().rpartition("\n")[2]
        return Audit(not_audited=last_line or "pip-audit gave no report")


def read_dependencies(dependencies: list[dict[str, Any]]) -> Audit:
    """Tell what is vulnerable and what was skipped."""
    skipped = [each["skip_reason"] for each in dependencies if "skip_reason" in each]
    count = f"{len(skipped)} of {len(dependencies)} packages skipped"
    return Audit(
        vulnerabilities=[
            describe(dependency, vulnerability)
            for dependency in dependencies
            for vulnerability in dependency.get("vulns", [])
        ],
        not_audited=f"{count}, the first with “{skipped[0]}”" if skipped else "",
    )


def describe(dependency: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    """Name the package, its version, the vulnerability, and the versions that mend it."""
    names = ", ".join([vulnerability["id"], *vulnerability.get("aliases", [])])
    fixes = ", ".join(vulnerability["fix_versions"]) or "no version yet"
    return f"{dependency['name']} {dependency['version']}: {names}, fixed in {fixes}"


if __name__ == "__main__":
    sys.exit(main())
