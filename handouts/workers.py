"""The processes of this machine that lay pages out."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection

FORKING = "forkserver" in multiprocessing.get_all_start_methods()


def warm_up() -> None:
    """Let another process import what lays pages out, while this one does other things."""
    if FORKING and (os.cpu_count() or 1) > 1:
        _start_server()


def processes(workers: int) -> Executor:
    """An executor of so many processes; OSError or NotImplementedError where there is none."""
    if FORKING:
        _start_server()
    context = multiprocessing.get_context("forkserver" if FORKING else "spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Let this process end when the one that it works for does, however that ends."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_wait_for_end, args=[parent.sentinel], daemon=True).start()


def _wait_for_end(sentinel: int) -> None:
    connection.wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


class Crew:
    """Layout processes that stay from one build to the next, so that it can start at once."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._executor = self._new()

    def ready(self) -> Executor | None:
        """An executor that works; None where there can be no processes, or are to be none."""
        try:
            if self._executor:
                self._executor.submit(abs, 0).result()
        except BrokenProcessPool:
            self.renew()
        return self._executor

    def _new(self) -> Executor | None:
        if self._jobs == 1:
            return None
        try:
            executor = processes(self._jobs)
            for number in range(self._jobs):
                executor.submit(abs, number)
        except (OSError, NotImplementedError):
            return None
        return executor

    def renew(self) -> None:
        """Put others in their place: WeasyPrint's memory grows."""
        self.dismiss()
        self._executor = self._new()

    def dismiss(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=False, cancel_futures=True)


def _start_server() -> None:
    from multiprocessing import forkserver  # noqa: PLC0415  not on every system

    forkserver.set_forkserver_preload(["handouts.warmed"])
    with _uninterrupted():
        forkserver.ensure_running()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started within leave Ctrl-C to this one, which then ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def none_left() -> Iterator[None]:
    """Whatever ends what is done within, Ctrl-C among it, ends its processes too."""
    try:
        yield
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
            process.join(1)
        raise
