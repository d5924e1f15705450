"""A library read with what its files held when they were last read."""

from dataclasses import dataclass
from pathlib import Path

from handouts import toolchain, yamlfile
from handouts.load import load_with_places
from handouts.model import Library
from handouts.store import Store
from handouts.yamlfile import Document


@dataclass(frozen=True)
class Held:
    """The values of YAML files that have no faults, each with the digest of its bytes."""

    values: str


def load(root: Path, store: Store, *, keep: bool = True) -> tuple[Library, dict[str, Document]]:
    """The library and its files; those that are as they were last time are not parsed."""
    key = toolchain.digest()
    last = store.get(Held, key)
    if last:
        yamlfile.recall(last.values)
    found = load_with_places(root, keep=keep)
    now = Held(yamlfile.remembered(found[1]))
    if keep and now != last:
        store.put(key, now)
    return found
