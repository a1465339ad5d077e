"""`python -m demo` runs the demo; with `--start-over` it deletes the old data first."""

import argparse
import os
import sys

from demo.console import Problem, say
from demo.folder import Demo, chosen_demo, claimed, empty_folder, environment_of_programs
from demo.pause import hold_signals
from demo.probes import check_port
from demo.supervisor import Supervisor


def main() -> int:
    """Run the demo; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--start-over", action="store_true", help="delete the old data first")
    hold_signals()
    try:
        run(chosen_demo(os.environ), start_over=parser.parse_args().start_over)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def run(demo: Demo, *, start_over: bool) -> None:
    """Run `demo` in its folder and on its port, which nobody else may use."""
    with claimed(demo):
        for port in demo.ports:
            check_port(port)
        if start_over:
            empty_folder(demo)
            say(f"Deleted the demo data in {demo.folder}.")
        Supervisor(demo, environment_of_programs(demo, os.environ)).run()


if __name__ == "__main__":
    sys.exit(main())
