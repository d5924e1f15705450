"""What is kept is found again whole, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock

import msgpack
import pytest

from handouts.overprint import Plate, Stationery
from handouts.store import Store, write_whole

PLATE = Plate(
    pdf=b"%PDF \x00\xff",
    digest="d1",
    pages=3,
    language="en",
    size=90,
    startxref=1234,
    catalog=1,
    root=b"<</Type/Catalog",
    metadata=2,
    swatches={"primary": 7, "accent 0.5": 8},
    slots={"letterhead": 4},
    readings={"letterhead": (), "contact": ((5, b"<</S/P"), (6, b"<<"))},
    way=("ab", 2, "cd"),
)
STATIONERY = Stationery(
    forms={"letterhead": (b"<</Resources ", 2, b" 0 R>>")},
    words={"letterhead": "Al Noor\nعيادة النور"},
    objects=((b"<<>>",), "primary", (b"[", 0, b" 0 R]")),
)
KEY = "ab" * 32


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def record_file(folder: Path) -> Path:
    """The one file that the store has written."""
    (found,) = (path for path in folder.rglob("*") if path.is_file())
    return found


@pytest.mark.parametrize("record", [PLATE, STATIONERY], ids=["plate", "stationery"])
def test_a_record_is_found_again_equal(record: object, tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, record)
    assert Store(tmp_path).get(type(record), KEY) == record


def test_what_was_never_kept_is_absent(tmp_path: Path) -> None:
    store = Store(tmp_path / "nowhere")
    assert store.get(Plate, KEY) is None
    assert not (tmp_path / "nowhere").exists()


def test_a_record_is_absent_under_another_key_or_kind(tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, PLATE)
    assert Store(tmp_path).get(Plate, "cd" * 32) is None
    assert Store(tmp_path).get(Stationery, KEY) is None


def test_a_record_copied_over_anothers_is_an_absent_one(tmp_path: Path) -> None:
    store, other = Store(tmp_path), "cd" * 32
    store.put(KEY, PLATE)
    own = record_file(tmp_path)
    store.put(other, PLATE)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path != own:
            path.write_bytes(own.read_bytes())
    assert store.get(Plate, KEY) == PLATE
    assert store.get(Plate, other) is None


def test_a_later_record_takes_the_place_of_an_earlier(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, STATIONERY)
    later = Stationery({}, {}, ())
    store.put(KEY, later)
    assert store.get(Stationery, KEY) == later


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:-1],
        lambda data: data[:20],
        lambda data: data[:32],
        lambda data: data + b"\x00",
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: bytes([data[0] ^ 1]) + data[1:],
    ],
)
def test_a_damaged_record_is_an_absent_one(
    damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    store = Store(tmp_path)
    store.put(KEY, PLATE)
    path = record_file(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert store.get(Plate, KEY) is None


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"\x91", *map(msgpack.packb, (None, [1, 2], {"pdf": b""}, {1: 2}))]
)
def test_a_foreign_record_is_an_absent_one_although_it_is_whole(
    body: bytes, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    store.put(KEY, PLATE)
    bound = sha256(f"Plate {KEY} ".encode() + body).digest()
    record_file(tmp_path).write_bytes(bound + body)
    assert store.get(Plate, KEY) is None


def test_a_record_of_an_older_shape_is_an_absent_one(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Plate:
        pdf: bytes
        old_field: int

    Store(tmp_path).put(KEY, Plate(b"", 1))
    assert Store(tmp_path).get(Plate, KEY) == Plate(b"", 1)
    assert Store(tmp_path).get(PLATE.__class__, KEY) is None


def test_a_folder_where_a_record_should_be_is_no_record(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, PLATE)
    path = record_file(tmp_path)
    path.unlink()
    path.mkdir()
    assert store.get(Plate, KEY) is None


def test_a_store_that_cannot_be_written_keeps_nothing_and_does_not_complain(
    tmp_path: Path,
) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    store = Store(tmp_path / "store")
    store.put(KEY, PLATE)
    assert store.get(Plate, KEY) is None
    assert (tmp_path / "store").read_text() == "a file where the folder should be"


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a/b/c.pdf", b"all")
    assert (tmp_path / "a/b/c.pdf").read_bytes() == b"all"
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "b", "c.pdf"]


def test_a_file_that_cannot_be_finished_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"before")

    def half(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == ["a.pdf"]


def test_a_file_that_cannot_be_put_in_place_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "a.pdf", b"after")
    assert names(tmp_path) == ["a.pdf"]


def test_an_interrupted_write_leaves_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.pdf", b"after")
    assert names(tmp_path) == []
