"""Layouts on a cluster: Dask's workers in the place of this machine's processes."""

import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from handouts.errors import HandoutsError

KIND = "dask"
ADDRESS = re.compile(r"(?:(?:tcp|tls|wss?)://)?[^\s/]+:\d+")
PATIENCE = "5s"


@contextmanager
def executor(where: str) -> Iterator[Executor]:
    """The executor that `dask:ADDRESS` names.

    Its workers are handed pages and whatever stands on them, never a path. HandoutsError if
    there is no such executor, or it cannot be reached.
    """
    kind, _, address = where.partition(":")
    if kind != KIND or not ADDRESS.fullmatch(address):
        raise HandoutsError(
            f"there is no executor {where!r}: write dask:ADDRESS, such as dask:tcp://10.0.0.5:8786"
        )
    try:
        from distributed import Client  # noqa: PLC0415  an extra, and slow to import
    except ImportError:
        raise HandoutsError("Dask is not installed: pip install 'handouts[cluster]'") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise HandoutsError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise HandoutsError(f"the Dask scheduler at {address} has no workers: start some")
        yield client.get_executor()  # type: ignore[no-untyped-call]
