"""Whether anything can have changed since the last whole build, told without doing one.

The inputs are compared by content. A PDF is taken for what it was as long as the file system
says that it has not been touched; one that has been is read by a build, which decides.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from handouts import manifest, outputs, toolchain, turns
from handouts.outputs import Touch
from handouts.store import Store


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
    whole = sha256(f"{final} {toolchain.digest()}".encode())
    for folder in (root / "data", root / "templates"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                whole.update(f"{name}\0".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


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
