"""`python -m systmone`: speak to a SystmOne client, list what it can do, or stand in for one."""

import argparse
import os
import sys
from typing import NoReturn

from systmone.protocol import command_line as protocol
from systmone.simulator import command_line as simulator


class Parser(argparse.ArgumentParser):
    """Ends with the exit status that means bad usage in sysexits.h, since 2 means refused here."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and end."""
        self.print_usage(sys.stderr)
        self.exit(os.EX_USAGE if hasattr(os, "EX_USAGE") else 64, f"{self.prog}: {message}\n")


def main() -> int:
    """Run the command that is asked for and give its exit status."""
    parser = Parser(prog="python -m systmone", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for name, add_arguments, run, summary in (
        ("call", protocol.add_call_arguments, protocol.run_call, "call one function"),
        ("functions", protocol.add_functions_arguments, protocol.run_functions, "list them"),
        ("simulate", simulator.add_arguments, simulator.run, "stand in for a SystmOne client"),
    ):
        command = commands.add_parser(name, help=summary, description=summary)
        add_arguments(command)
        command.set_defaults(run=run)
    arguments = parser.parse_args()
    status: int = arguments.run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
