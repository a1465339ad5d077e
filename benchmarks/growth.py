"""Serve the pages at two sizes of the data in one run, and compare their times.

The small trust has 5 wards and a month of tasks, the large one 50 wards and a year; 25 patients a
ward in both. The pages are those of the first 5 wards, which show the same in both: what differs is
the rest of the data. Each size has a web server of its own; they take turns, request by request.
"""

import argparse
import http.client
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench import PATIENCE, Bench
from tests.servers import running_postgresql

ALLOWED = 1.2
SHOWN_WARDS = 5
WARM_UP = 3  # rounds
ROUNDS, ROUNDS_IF_QUICK = 60, 20

Times = dict[str, dict[str, list[float]]]


@dataclass(frozen=True)
class Size:
    """How much data: `days` of tasks on `wards`."""

    name: str
    wards: int
    days: int


SMALL, LARGE = Size("small", wards=5, days=30), Size("large", wards=50, days=365)


class Site:
    """A web server on the data of one size, and a nurse's browser that stays connected."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"Cookie": f"sessionid={session}"}

    def get(self, path: str) -> tuple[float, bytes]:
        """Return how many seconds the page at `path` took, and the page."""
        started = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path} answers {response.status}")
        return seconds, body


def load(bench: Bench, size: Size) -> tuple[str, dict[str, list[str]]]:
    """Make the database of `size`; return the session of its nurse, and the pages by name."""
    started = time.perf_counter()
    bench.create_database(size.name, like="empty")
    sizes = f"wards={size.wards}, days={size.days}, shown={SHOWN_WARDS}"
    said = bench.call(size.name, f"from benchmarks.past import load; load({sizes})")
    known = json.loads(said)
    print(
        f"{size.name}: {size.wards} wards, {size.days} days, {known['tasks']:,} tasks, "
        f"{known['events']:,} events, made in {time.perf_counter() - started:.0f} s",
        flush=True,
    )
    return known["session"], known["pages"]


def measure(
    sites: Mapping[str, Site], pages: Mapping[str, Mapping[str, Sequence[str]]], *, rounds: int
) -> Times:
    """Return the seconds of each page at each size; `pages` has their addresses at each size.

    The sizes take turns, each as often the first as the second.
    """
    times: Times = defaultdict(lambda: defaultdict(list))
    names = list(sites)
    for number in range(-WARM_UP, rounds):
        for page in pages[names[0]]:
            for place in range(SHOWN_WARDS):
                for name in names if (number + place) % 2 else reversed(names):
                    seconds, _ = sites[name].get(pages[name][page][place])
                    if number >= 0:
                        times[page][name].append(seconds)
    return times


def growth(times: Times) -> dict[str, float]:
    """Print the median time of each page at both sizes; return large over small."""
    ratios = {}
    print(f"{'page':24}{'small':>10}{'large':>10}{'growth':>10}")
    for page, by_size in times.items():
        small, large = (statistics.median(by_size[size.name]) for size in (SMALL, LARGE))
        ratios[page] = round(large / small, 3)
        print(f"{page:24}{small * 1000:>7.1f} ms{large * 1000:>7.1f} ms{ratios[page]:>10.3f}")
    return ratios


def run(*, rounds: int) -> dict[str, float]:
    """Make both sizes, serve them, and return how the pages grow."""
    with TemporaryDirectory(prefix="hub-benchmark-") as name, ExitStack() as stack:
        folder = Path(name)
        bench = Bench(folder, stack.enter_context(running_postgresql(folder)))
        tasks, seconds = json.loads(
            bench.call("empty", "from benchmarks.generation import run; run()")
        )
        print(f"generation: {tasks:,} tasks, one day of 500 wards, in {seconds:.1f} s", flush=True)
        sites, pages = {}, {}
        for size in (SMALL, LARGE):
            session, pages[size.name] = load(bench, size)
            sites[size.name] = Site(stack.enter_context(bench.serving(size.name)), session)
        return growth(measure(sites, pages, rounds=rounds))


def main() -> int:
    """Measure, print, and fail where a page grows more than it may."""
    parser = argparse.ArgumentParser(prog="benchmarks/pages.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--json", action="store_true", help="the last line is the growth as JSON")
    wanted = parser.parse_args()
    ratios = run(rounds=ROUNDS_IF_QUICK if wanted.quick else ROUNDS)
    if wanted.json:
        print(json.dumps({"growth": ratios}))
    return int(max(ratios.values()) > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
