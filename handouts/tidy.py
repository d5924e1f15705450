"""After a build: what there is no edition for is taken away, and what stands is written down."""

import fnmatch
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from handouts import archive, manifest, outputs
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
            gone = list(_remove(before[path], output, dry_run=report.dry_run))
            report.rows += gone
            if gone[-1].outcome == "removed":
                items.pop(path, None)
            elif path in items:
                items[path] = replace(items[path], current=False)
    known = {*before, *(edition.path for edition in plan.editions)}
    archived = (item for item in (*before.values(), *items.values()) if item.archive)
    known |= {archive.place(item.path) for item in archived}
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
            yield path, _as_it_stands(item, output)
    for path, edition in editions.items():
        row = rows[path]
        if row.sha256 and row.outcome in ("made", "same"):
            item = manifest.item(edition, row.pages or 0, row.sha256)
            if digest := _archived(row, rows, before.get(path)):
                item = _as_it_stands(replace(item, archive=digest), output)
            yield path, item
        elif path in before and (output / path).is_file():
            yield path, replace(_as_it_stands(before[path], output), current=False)
    for refusal in plan.refusals:
        for path in fnmatch.filter(before, refusal.pdfs):
            if (output / path).is_file():
                yield path, replace(_as_it_stands(before[path], output), current=False)


def _as_it_stands(item: Item, output: Path) -> Item:
    """The item, without a copy for the archive that is not there any more."""
    if not item.archive or (output / archive.place(item.path)).is_file():
        return item
    return replace(item, archive="")


def _archived(row: Row, rows: dict[str, Row], last: Item | None) -> str:
    """The digest of the copy beside a PDF that was made or is up to date, if there is one."""
    if copy := rows.get(archive.place(row.path)):
        return copy.sha256 or ""
    return last.archive if last and row.outcome == "same" and last.sha256 == row.sha256 else ""


def _remove(item: Item, output: Path, *, dry_run: bool) -> Iterator[Row]:
    """Take one PDF away, its copy for the archive first, unless somebody has changed it."""
    if item.archive:
        copy = replace(item, path=archive.place(item.path), sha256=item.archive)
        row = _remove_one(copy, output, dry_run=dry_run)
        yield row
        if row.outcome == "failed":
            return
    yield _remove_one(item, output, dry_run=dry_run)


def _remove_one(item: Item, output: Path, *, dry_run: bool) -> Row:
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
