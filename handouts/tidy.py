"""After a build: what there is no edition for is taken away, and what stands is written down."""

import fnmatch
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from handouts import manifest, outputs
from handouts.manifest import Item
from handouts.plan import Plan
from handouts.report import Report, Row


def tidy(plan: Plan, report: Report, before: dict[str, Item], output: Path) -> None:
    """Tidy the folder, whose manifest was `before`, and add to the report what that did."""
    rows = {row.path: row for row in report.rows}
    items = dict(_items(plan, rows, before, output))
    broken = any(problem.rule == "data" for problem in plan.problems)
    if plan.whole and not broken:
        kept = {path for refusal in plan.refusals for path in fnmatch.filter(before, refusal.pdfs)}
        for path in sorted(before.keys() - rows.keys() - kept):
            row = _remove(before[path], output, dry_run=report.dry_run)
            report.rows.append(row)
            if row.outcome == "removed":
                items.pop(path, None)
            elif path in items:
                items[path] = replace(items[path], current=False)
    known = {*before, *(edition.path for edition in plan.editions)}
    report.strangers = tuple(_strangers(output, known))
    if not report.dry_run and (items or (output / manifest.NAME).exists()):
        try:
            manifest.write(output, items.values())
        except OSError as error:
            why = f"{output / manifest.NAME} cannot be written: {error.strerror or error}"
            report.rows.append(Row(manifest.NAME, "failed", why))


def _items(
    plan: Plan, rows: dict[str, Row], before: dict[str, Item], output: Path
) -> Iterator[tuple[str, Item]]:
    """What stands in the folder: from this build, and from those before it."""
    editions = {edition.path: edition for edition in plan.editions}
    for path, item in before.items():
        if path not in editions and (output / path).is_file():
            yield path, item
    for path, edition in editions.items():
        row = rows[path]
        if row.sha256 and row.outcome in ("made", "same"):
            yield path, manifest.item(edition, row.pages or 0, row.sha256)
        elif path in before and (output / path).is_file():
            yield path, replace(before[path], current=False)
    for refusal in plan.refusals:
        for path in fnmatch.filter(before, refusal.pdfs):
            if (output / path).is_file():
                yield path, replace(before[path], current=False)


def _remove(item: Item, output: Path, *, dry_run: bool) -> Row:
    """Take one PDF away, unless somebody has changed it."""
    path = output / item.path
    why = "there is no such edition any more"
    try:
        if path.is_file() and sha256(path.read_bytes()).hexdigest() != item.sha256:
            why = f"{why}, and somebody has changed the PDF: take it away by hand"
            return Row(item.path, "failed", why, item.title)
        if not dry_run:
            path.unlink(missing_ok=True)
            for folder in (path.parent, path.parent.parent):
                with suppress(OSError):
                    folder.rmdir()
    except OSError as error:
        return Row(item.path, "failed", f"{path} cannot be removed: {error.strerror or error}")
    return Row(item.path, "removed", why, item.title)


def _strangers(output: Path, known: Collection[str]) -> Iterator[str]:
    for name in outputs.names(output):
        hidden = any(part.startswith(".") for part in name.split("/"))
        if not hidden and name not in known and name not in (manifest.NAME, manifest.PRINTED):
            yield name
