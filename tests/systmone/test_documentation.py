"""The examples of docs/systmone.md do what they say."""

import re
from pathlib import Path

import pytest

from systmone.simulator.simulator import Simulator
from systmone.simulator.throttle import UNLIMITED

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "systmone.md"


def test_the_first_program_reads_a_record_and_writes_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)[0]
    monkeypatch.chdir(tmp_path)

    with Simulator(limits=UNLIMITED) as simulator:
        exec(program.replace('api_key="any"', f'api_key="any", port={simulator.port}'), {})

        assert simulator.committed_lines("9434765919")[-2:] == ["Slept well.", "Ate breakfast."]
    assert "written as" in capsys.readouterr().out
    assert (tmp_path / "device-id").read_text("utf-8").strip()
