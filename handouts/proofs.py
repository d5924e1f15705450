"""A plan's PDFs, made to be measured or shown, and not to be kept."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from handouts import logo_check, placing, preflight, turns
from handouts.build import How, Progress, build
from handouts.packs import Proof, proof
from handouts.plan import Plan
from handouts.report import Report
from handouts.yamlfile import Document


@contextmanager
def folder(root: Path) -> Iterator[Path]:
    """A folder to make them in, of which nothing is left, not even a lock beside the store."""
    with TemporaryDirectory(prefix="handouts-") as name:
        lock = root / ".handouts" / turns.name(Path(name))
        try:
            yield Path(name)
        finally:
            with suppress(OSError):
                lock.unlink(missing_ok=True)


def make(plan: Plan, root: Path, output: Path, how: How, documents: dict[str, Document]) -> Report:
    """Build as for `output/`, from the same store; what the last build was is not forgotten."""
    return build(replace(plan, whole=False), root, output, how, documents)


def measure(plan: Plan, report: Report, output: Path, progress: Progress) -> list[Proof]:
    """The PDFs that could be made, measured."""
    unmade = {row.path for row in report.unmade()}
    editions = [edition for edition in plan.editions if edition.path not in unmade]
    found = []
    for done, edition in enumerate(editions, 1):
        pdf = (output / edition.path).read_bytes()
        large = edition.body.layout == "large-print"
        placed = placing.place(edition.clinic.livery, large=large, mono=edition.mono)
        logo = logo_check.differing(pdf, placed.logo)
        found.append(proof(edition, preflight.pages(pdf), logo))
        progress(done, len(editions))
    return found
