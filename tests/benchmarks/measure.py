"""Run a command: what it said, how long it took, and how much memory it held at most."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from threading import Event, Thread

EVERY = 0.1
"""Seconds between two looks at a command's memory."""


class MeasureError(Exception):
    """A measured action did something else than what was to be measured."""


@dataclass(frozen=True)
class Run:
    """A command that ended well; `peak` in bytes, of all its processes together."""

    seconds: float
    peak: int
    out: str
    err: str


def run(*command: object, cwd: Path | None = None) -> Run:
    """Run a command to its end; one that fails is MeasureError."""
    words = [str(word) for word in command]
    # As on most machines, Python may keep what it compiles; else each start would compile anew.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=out, stderr=err, cwd=cwd, env=kept)
        watch = _Watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = max(watch.end(), usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
        out.seek(0)
        err.seek(0)
        done = Run(seconds, peak, out.read(), err.read())
    if process.returncode:
        raise MeasureError(
            f"{' '.join(words)}: exit code {process.returncode}\n{done.err}{done.out}"
        )
    return done


def middle(runs: list[Run]) -> Run:
    """One run for all: the median time, the highest peak."""
    seconds = median(each.seconds for each in runs)
    return Run(seconds, max(each.peak for each in runs), runs[0].out, runs[0].err)


def busy(seconds: float = 0.5) -> float | None:
    """The share of the machine that others are using now; None where it cannot be told."""
    try:
        before = _ticks()
        time.sleep(seconds)
        spent = [after - start for start, after in zip(before, _ticks(), strict=True)]
    except (OSError, ValueError):
        return None
    idle = sum(spent[3:5])
    return 1 - idle / sum(spent) if sum(spent) else None


def _ticks() -> list[int]:
    """The machine's time since it started: user, nice, system, idle, waiting for disks, and on."""
    return [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]


class _Watch:
    """Looks at the memory of a process and its descendants until told to end."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        # Processes come and go, and where there is no /proc there is nothing to see.
        while not self._ended.wait(EVERY):
            with suppress(OSError):
                self._peak = max(self._peak, sum(map(_held, _tree(self._pid))))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _held(pid: int) -> int:
    """Bytes of memory, where several processes hold the same page each its share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
