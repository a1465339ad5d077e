"""Speak to a SystmOne client, list what it can do, or stand in for one."""

import argparse
import sys
from typing import NoReturn

from systmone.protocol import command_line as protocol
from systmone.simulator import command_line as simulator

BAD_USAGE = 64
COMMANDS = {
    "call": ("call one function", protocol.add_call_arguments, protocol.run_call),
    "functions": (
        "list the functions and their parameters",
        protocol.add_functions_arguments,
        protocol.run_functions,
    ),
    "simulate": ("stand in for a SystmOne client", simulator.add_arguments, simulator.run),
}


class Parser(argparse.ArgumentParser):
    """Ends bad usage with 64, as sysexits.h has it: 2 means that SystmOne refused."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and end."""
        self.print_usage(sys.stderr)
        self.exit(BAD_USAGE, f"{self.prog}: {message}\n")


def main() -> int:
    """Run the command that is asked for and give its exit status."""
    listed = "\n".join(f"  {name:10} {summary}" for name, (summary, *_) in COMMANDS.items())
    parser = Parser(
        prog="python -m systmone",
        description=f"{__doc__}\n\ncommands:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="COMMAND --help tells")
    given = parser.parse_args()
    summary, add_arguments, run = COMMANDS[given.command]
    command = Parser(prog=f"{parser.prog} {given.command}", description=summary)
    add_arguments(command)
    return run(command.parse_intermixed_args(given.arguments))


if __name__ == "__main__":
    sys.exit(main())
