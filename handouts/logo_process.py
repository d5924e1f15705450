"""Logos drawn in processes of their own, with limits of time and memory.

A drawing may be made to hang or to crash what draws it, or be so by mistake: such a file is
refused, and nothing else suffers. What was made of a file is kept by the file's digest.
"""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

import msgpack

from handouts.artwork import Artwork
from handouts.model import Asset
from handouts.store import Store

SECONDS = 20.0
"""How long one drawing may take: the public logos that were tried all did with less."""

MEMORY = 3 * 1024**3
"""How many bytes of addresses a process may have: the public logos that were tried fit."""

TOO_SLOW = f"takes more than {SECONDS:.0f} seconds to draw: simplify it, or export it as .png"
CRASHED = "cannot be drawn: simplify it, or export it as .png"


class Artworks:
    """The artworks of logos, each drawn once, in as many processes as there are cores."""

    def __init__(self, store: Store, version: str, *, keep: bool = True) -> None:
        """`version`: of the programs that draw; `keep`: what is drawn is kept in the store."""
        self._store, self._version, self._keep = store, version, keep
        self._found: dict[str, Future[Artwork | str]] = {}
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1)

    def ask(self, assets: Iterable[Asset]) -> None:
        """Begin to draw these, so that they are there when they are wanted."""
        for asset in assets:
            key = self._key(asset)
            if key not in self._found:
                self._found[key] = self._threads.submit(self._made, key, asset)

    def of(self, asset: Asset) -> Artwork | str:
        """The artwork of a logo, or what keeps it from being printed."""
        self.ask((asset,))
        return self._found[self._key(asset)].result()

    def _key(self, asset: Asset) -> str:
        kind = asset.name.rpartition(".")[2].lower()
        return sha256(f"{self._version} {kind} ".encode() + asset.data).hexdigest()

    def _made(self, key: str, asset: Asset) -> Artwork | str:
        if (known := _KNOWN.get(key)) is not None:
            return known
        found: Artwork | str | None = self._store.get(Artwork, key)
        if found is None:
            found = _drawn(asset)
            if self._keep and isinstance(found, Artwork):
                self._store.put(key, found)
        _KNOWN[key] = found
        return found


_KNOWN: dict[str, Artwork | str] = {}
"""What this process has drawn, and been told."""


class _Child:
    """A process that draws one logo after another."""

    def __init__(self) -> None:
        package = Path(__file__).parents[1]
        paths = [str(package), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603  this very program
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        atexit.register(self.end)

    def drawn(self, asset: Asset) -> Artwork | str:
        late = threading.Event()

        def end_late() -> None:
            late.set()
            self.end()

        timer = threading.Timer(SECONDS, end_late)
        timer.start()
        try:
            assert self._process.stdin and self._process.stdout  # noqa: S101  both are pipes
            _send(self._process.stdin, (asset.name, asset.data))
            answer = _received(self._process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self.end()
            return TOO_SLOW if late.is_set() else CRASHED
        return answer if isinstance(answer, str) else Artwork(**answer)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        atexit.unregister(self.end)
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()


_IDLE: SimpleQueue[_Child] = SimpleQueue()
"""The processes that wait for a logo; they end with this one."""


def _drawn(asset: Asset) -> Artwork | str:
    try:
        child = _IDLE.get_nowait()
    except Empty:
        child = _Child()
    found = child.drawn(asset)
    if child.alive:
        _IDLE.put(child)
    return found


def _send(pipe: IO[bytes], message: object) -> None:
    body = msgpack.packb(message)
    pipe.write(len(body).to_bytes(8, "big") + body)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    """The next message; None at the end."""
    head = pipe.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    body = pipe.read(size)
    return msgpack.unpackb(body, use_list=False) if len(body) == size else None


def _serve() -> None:
    """Draw what is asked for until nobody asks any more."""
    _limit_memory()
    from handouts import drawing, tracing  # noqa: PLC0415  only in processes of their own

    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints something leaves the answers alone
    while isinstance(message := _received(asked), tuple):
        name, data = message
        try:
            answer: object = asdict(tracing.made(name, data))
        except drawing.DrawingError as error:
            answer = str(error)
        except Exception:
            answer = CRASHED
        _send(answers, answer)


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _serve()
