"""A watched library is built again at each save, and whatever is saved, watching goes on."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from handouts.watching import _counts, bursts
from handouts.workers import Crew
from tests.small import EN, FILES, SVG, H, R
from tests.test_tidy import ALL

Say = Callable[[], str]


@pytest.fixture
def watched(built: Path) -> Iterator[tuple[Path, Say]]:
    """The small library while it is watched, and the next line that the watcher says."""
    command = [Path(sys.executable).with_name("handouts"), "watch", "-j", "1", "--root", built]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, text=True, **pipes)
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()])
    reader.start()

    def say() -> str:
        return lines.get(timeout=20)

    assert "watching " in say()
    assert "0 made, 6 unchanged in " in say()
    yield built, say
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    reader.join()
    assert "Traceback" not in "".join(lines.queue)
    if process.stdout:
        process.stdout.close()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent")
def test_each_save_is_followed_by_its_pdfs(watched: tuple[Path, Say]) -> None:
    root, say = watched
    risks = str(FILES[f"{EN}/risks.yaml"])
    (root / f"{EN}/risks.yaml").write_text(risks.replace("hurt", "ache"), encoding="utf-8")
    assert "2 made, 4 unchanged in " in (line := say())
    assert line.rstrip().endswith(f": {ALL[2]}, {ALL[5]}")

    (root / "aside").write_text(risks.replace("hurt", "sting"), encoding="utf-8")
    (root / "aside").replace(root / f"{EN}/risks.yaml")
    assert "2 made, 4 unchanged" in say()

    (root / R / "logo.svg").write_text(SVG.replace("<rect", "<rect opacity='.9'"), encoding="utf-8")
    assert "3 made, 3 unchanged" in say()

    shutil.rmtree(root / H)
    assert "3 unchanged, 3 removed" in say()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent")
def test_broken_yaml_is_told_and_survived(watched: tuple[Path, Say]) -> None:
    root, say = watched
    (root / f"{EN}/risks.yaml").write_text("title: [", encoding="utf-8")
    assert "refused" in say()
    assert f"{EN}/risks.yaml:1:" in say()
    while "do not print it" not in say():
        pass
    (root / f"{EN}/risks.yaml").write_bytes(str(FILES[f"{EN}/risks.yaml"]).encode())
    assert "0 made, 6 unchanged" in say()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent")
def test_templates_that_appear_later_are_watched(watched: tuple[Path, Say]) -> None:
    root, say = watched
    (root / "templates/blocks").mkdir(parents=True)
    own = root / "templates/blocks/timeline.html"
    own.write_text("<p>nothing</p>", encoding="utf-8")
    while "2 made" not in (line := say()):
        assert "0 made" in line
    own.unlink()
    assert "2 made" in say()


@pytest.mark.parametrize(
    "name", [".risks.yaml.swp", "4913", "risks.yaml~", "#risks.yaml#", "a.tmp"]
)
def test_what_editors_write_beside_a_file_does_not_count(name: str) -> None:
    assert not _counts(1, f"/x/data/{name}")  # type: ignore[arg-type]
    assert _counts(1, "/x/data/risks.yaml")  # type: ignore[arg-type]


def test_a_library_that_is_put_in_the_place_of_another_is_noticed(tmp_path: Path) -> None:
    for name in ("data", "other"):
        (tmp_path / name).mkdir()
    found = bursts(tmp_path)
    assert next(found) == set()
    threading.Timer(0.3, lambda: swap(tmp_path)).start()
    assert tmp_path / "data" in (next(found) | next(found))
    threading.Timer(0.3, (tmp_path / "data/x.yaml").write_text, ["x"]).start()
    assert tmp_path / "data/x.yaml" in next(found)
    found.close()


def swap(root: Path) -> None:
    shutil.rmtree(root / "data")
    (root / "other").rename(root / "data")


def test_processes_that_have_died_are_replaced_before_the_next_build() -> None:
    crew = Crew(2)
    first = crew.ready()
    assert first
    with pytest.raises(BrokenProcessPool):
        first.submit(os._exit, 1).result()
    second = crew.ready()
    assert second
    assert second.submit(abs, -3).result() == 3
    crew.dismiss()
