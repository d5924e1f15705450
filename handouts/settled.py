"""Whether anything can have changed since the last whole build, told without doing one.

The inputs are compared by content. A PDF is taken for what it was as long as the file system
says that it has not been touched; one that has been is read by a build, which decides.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from handouts import manifest, outputs, turns
from handouts.outputs import Touch
from handouts.store import Store

OWN = Path(__file__).parent
TEMPLATES = (OWN / "templates", OWN.parent / "templates")


@dataclass(frozen=True)
class Settled:
    """What a build without complaint has left: from these inputs, these files.

    It holds from `since` to `until`, on which days no sheet comes to its end.
    """

    inputs: str
    since: str
    until: str
    files: dict[str, Touch] = field(default_factory=dict)


def inputs(root: Path, *, final: bool) -> str:
    """A digest of all that a whole build depends on, but for the day."""
    whole = sha256(f"{final} {sys.version}".encode())
    whole.update(" ".join(sorted(_packages())).encode())
    for folder, pattern in _folders(root):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                whole.update(f"{name}\0".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _folders(root: Path) -> Iterator[tuple[Path, str]]:
    yield root / "data", "*"
    yield root / "templates", "*"
    yield OWN, "*.py"
    yield OWN, "*.yaml"
    yield from ((folder, "*") for folder in TEMPLATES)


def _packages() -> Iterator[str]:
    """Every installed package with its version, by the names that installers give."""
    for folder in filter(None, map(Path, sys.path)):
        if folder.is_dir():
            yield from (path.name for path in folder.iterdir() if path.suffix == ".dist-info")


def editions(root: Path, output: Path, today: date, now: str) -> list[manifest.Item] | None:
    """All PDFs that stand there, if a build would find each up to date, now with these inputs."""
    records = root / ".handouts"
    last = Store(records).get(Settled, turns.name(output))
    if last is None or not last.since <= today.isoformat() <= last.until:
        return None
    if now != last.inputs or turns.taken(records, output) or _made(output) != last.files:
        return None
    return list(manifest.read(output).values())


def settle(
    root: Path, output: Path, before: Settled, touches: dict[str, Touch], *, final: bool
) -> None:
    """Write down that the build has nothing left to do, if all is still as it left it.

    `before`: its inputs and days; `touches`: of the PDFs, when it was done with each.
    """
    files = _made(output)
    untouched = all(files.get(path) == touch for path, touch in touches.items())
    if untouched and inputs(root, final=final) == before.inputs:
        Store(root / ".handouts").put(turns.name(output), replace(before, files=files))


def _made(output: Path) -> dict[str, Touch]:
    """The touch of every file that a build makes, and of any that may be in its way."""
    found = outputs.touches(output)
    found.pop(manifest.PRINTED, None)
    return found
