"""The library to measure on is whole, of the size asked for, and the same each time."""

from pathlib import Path

from handouts.load import load
from handouts.plan import plan
from tests.benchmarks.library import Size, make


def files(root: Path) -> dict[str, bytes]:
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def test_a_library_of_a_size_has_that_many_editions_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    size = Size(clinics=30, treatments=2, share=0.5)
    library = load(make(tmp_path / "one", size))
    assert library.problems == ()
    found = plan(library).editions
    assert len(found) == size.editions == 1080
    own = {edition.body for edition in found if edition.handout == "before"}
    assert len(own) % 6 == 0
    assert 6 * 8 < len(own) < 6 * 24
    assert len({edition.body for edition in found}) == len(own) + 2 * 3 * 5
    assert files(make(tmp_path / "two", size)) == files(tmp_path / "one")
