"""The same editions made by others, one by one; one way a run, so that each has its own memory.

    python -m tests.benchmarks.rivals plain ROOT OUTPUT --processes 2

Everything is started and has made one PDF before the clock runs: that is in their favour.
Prints how many PDFs it made, in how many seconds, as JSON.
"""

import argparse
import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory

from handouts.compose import Composer
from handouts.plan import Edition, Selection
from tests.benchmarks import chromium, typesetting
from tests.benchmarks.inline import inline
from tests.benchmarks.sample import sample

Printer = Callable[[Edition], bytes]


def plain(root: Path) -> Printer:
    """Jinja and WeasyPrint, each edition by itself."""
    from handouts import render  # noqa: PLC0415  in the process that lays out

    composer = Composer(root)
    return lambda edition: render.lay_out(inline(edition, composer)).pdf


def with_typst(_: Path) -> Printer:
    """Typst, from the same words."""
    return typesetting.printer()


IN_PROCESSES = {"plain": plain, "typst": with_typst}

STARTING = 120
"""Seconds in which all processes are ready; a pool starts one that fails again and again."""

_work: list[Callable[[int], None]] = []
"""In a process that is ready, the one thing that it does: make the edition of a number."""


def _start(root: Path, output: Path, name: str, editions: list[Edition], ready: Barrier) -> None:
    """Make a process ready: everything imported, one PDF made."""
    printer = IN_PROCESSES[name](root)
    printer(editions[0])
    _work[:] = [lambda number: write(output, editions[number], printer(editions[number]))]
    ready.wait()


def _do(number: int) -> None:
    _work[0](number)


def write(output: Path, edition: Edition, pdf: bytes) -> None:
    path = output / edition.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf)


def in_processes(
    name: str, root: Path, output: Path, editions: list[Edition], processes: int
) -> float:
    """Seconds in which so many processes make the editions."""
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(processes + 1)
    with context.Pool(processes, _start, (root, output, name, editions, ready)) as pool:
        ready.wait(STARTING)
        start = time.perf_counter()
        pool.map(_do, range(len(editions)), chunksize=1)
        return time.perf_counter() - start


async def in_chromium(root: Path, output: Path, editions: list[Edition], tabs: int) -> float:
    """Seconds in which one browser prints the editions in so many tabs."""
    composer = Composer(root)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with chromium.browser(Path(folder)) as browser:
            sessions = [await browser.tab() for _ in range(tabs)]
            work = partial(_print_in, browser, Path(folder), composer, output)
            await asyncio.gather(*(work(each, iter(editions[:1])) for each in sessions))
            start, todo = time.perf_counter(), iter(editions)
            await asyncio.gather(*(work(each, todo) for each in sessions))
            return time.perf_counter() - start


async def _print_in(  # noqa: PLR0913, PLR0917  each is needed for each page
    browser: chromium.Browser,
    folder: Path,
    composer: Composer,
    output: Path,
    session: str,
    todo: Iterator[Edition],
) -> None:
    for edition in todo:
        page = folder / f"{session}.html"
        page.write_text(chromium.page(inline(edition, composer)), encoding="utf-8")
        write(output, edition, await browser.print(session, page))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rivals", description=__doc__)
    parser.add_argument("name", choices=[*IN_PROCESSES, "chromium"])
    parser.add_argument("root", type=Path)
    parser.add_argument("output", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--processes", type=int, default=1, help="or tabs of the browser")
    parser.add_argument("--each", type=int, default=4, help="editions of every sheet")
    parser.add_argument("--handout", action="append", default=[])
    parser.add_argument("--language", action="append", default=[])
    asked = parser.parse_args()
    wanted = Selection(handouts=tuple(asked.handout), languages=tuple(asked.language))
    editions = sample(asked.root, asked.each, wanted)
    if asked.name == "chromium":
        work = in_chromium(asked.root, asked.output, editions, asked.processes)
        seconds = asyncio.run(work)
    else:
        seconds = in_processes(asked.name, asked.root, asked.output, editions, asked.processes)
    made = [path.read_bytes() for path in asked.output.rglob("*.pdf")]
    whole = sum(pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-9:] for pdf in made)
    print(json.dumps({"asked": len(editions), "made": whole, "seconds": seconds}))


if __name__ == "__main__":
    main()
