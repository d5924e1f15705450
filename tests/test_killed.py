"""A build that is killed, or runs out of room, leaves whole files, and the next one mends the rest.

A process that dies at the n-th change that it makes to the disk, for every n, has died at every
moment that can be told apart afterwards. Kills by the clock look for what that leaves out.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, ENOSPC
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import Result

from tests.program import run
from tests.small import EN, FILES, H, R, make_library

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL"),
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
]

Files = dict[str, str | bytes | None]
Tree = dict[str, bytes | None]
"""What stands in a folder: a file's bytes, None for a folder."""

Act = Callable[[str, str, tuple[Any, ...]], bool]
"""Takes an audit event that is about to change the disk (its name, path and arguments), and says
whether it stepped in."""

LONGEST_IN_PROCESSES = 1.6
"""Seconds in which such a build comes to its end, unless the machine is busy."""
SEED = 20261121
KILLS = 20
KILLS_IN_PROCESSES = 4
MANIFEST = "manifest.json"
CHANGES = {"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}

SHEET = """\
title: After your tiny treatment
lead: How to look after your skin.
version: 1.0
written: 2026-01-10
review_by: 2028-01-10
owner: Dr A. Jones
blocks:  # allow no-call-box: it is to be laid out quickly
  - bullets: [Drink water.]
    sources: []
"""

FIRST: Files = {
    f"{EN}/risks.yaml": None,
    f"{EN}/consent.yaml": None,
    f"{EN}/aftercare.yaml": SHEET,
    f"{EN}/before.yaml": SHEET.replace("After", "Before"),
}
WORD: Files = {f"{EN}/aftercare.yaml": SHEET.replace("water", "tea")}
PHONE: Files = {f"{R}/clinic.yaml": str(FILES[f"{R}/clinic.yaml"]).replace("0000", "0001")}
GONE: Files = dict.fromkeys((path for path in FILES if path.startswith(H)), None)
STATES: dict[str, Files] = {
    "first": {},
    "a word": WORD,
    "a phone": PHONE,
    "a clinic gone": GONE,
    "a word and a phone": WORD | PHONE,
    "all of it": WORD | PHONE | GONE,
    "one sheet": GONE | {f"{EN}/before.yaml": None},
}


def build(root: Path, *arguments: str) -> Result:
    return run("build", "-j", 1, *arguments, "--root", root)


def put(root: Path, state: str) -> None:
    shutil.rmtree(root / "data", ignore_errors=True)
    make_library(root, FIRST | STATES[state])


def tree(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module", autouse=True)
def today() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795219200")  # 2026-11-21
        yield


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    """What a build that nothing disturbs makes of each state, in a folder of its own."""
    found = {}
    for state in STATES:
        root = tmp_path_factory.mktemp("clean")
        put(root, state)
        result = build(root)
        assert result.exit_code == 0, result.output
        found[state] = tree(root / "output")
        for name, data in found[state].items():
            if data is not None and name != MANIFEST:
                assert len(pypdfium2.PdfDocument(data)) > 0
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, "first")
    assert build(tmp_path).exit_code == 0
    return tmp_path


def files(found: Tree) -> Tree:
    return {name: data for name, data in found.items() if data is not None and not is_draft(name)}


def is_draft(name: str) -> bool:
    return bool(re.fullmatch(r"(.*/)?\.[^/]*\.handouts-draft", name))


def assert_whole(root: Path, after: Tree, *before: Tree) -> None:
    """Whoever looks finds only whole files, and the manifest of what is all there."""
    found = files(tree(root / "output"))
    for name, data in found.items():
        versions = [version.get(name) for version in (after, *before)]
        assert data in versions, f"{name} is neither old nor new"
    lasting = set(after).intersection(*before) if before else set()
    assert lasting <= tree(root / "output").keys()
    if found.get(MANIFEST) == after[MANIFEST] not in [version.get(MANIFEST) for version in before]:
        assert found == files(after)


def assert_mended(root: Path, after: Tree) -> None:
    """The next build leaves what a clean one does, and the one after it has nothing to do."""
    result = build(root)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert not list(root.rglob(".*.handouts-draft"))
    pdfs = sum(name.endswith(".pdf") for name in after)
    for options in ([], ["-n"], []):
        assert files(tree(root / "output")) == files(after)
        again = build(root, *options)
        assert re.match(rf"0 (to make|made), {pdfs} unchanged: ", again.stdout), again.output
    assert files(tree(root / "output")) == files(after)


def forked(do: Callable[[], object]) -> int:
    """The number of a process that does it, with all that this one has imported."""
    child = os.fork()
    if not child:
        status = 1
        with suppress(BaseException):
            do()
            status = 0
        os._exit(status)
    return child


def ended_by_force(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status)


def step_in(root: Path, act: Act) -> list[str]:
    """Have `act` called before whatever this process changes below the folder from now on.

    What it stepped in at comes to stand in the list.
    """
    met: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        path = changed(event, arguments)
        if not path.startswith(f"{root}{os.sep}"):
            return
        met.append(path)
        if not act(event, path, arguments):
            met.pop()

    sys.addaudithook(hook)
    return met


def changed(event: str, arguments: tuple[Any, ...]) -> str:
    """The path that the event is about to change, or nothing."""
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    if event == "open" and not isinstance(arguments[0], int) and arguments[2] & writing:
        return os.fsdecode(arguments[0])
    if event not in CHANGES:
        return ""
    path = os.fsdecode(arguments[1] if event == "os.rename" else arguments[0])
    idle = {"os.mkdir": True, "os.remove": False}
    return "" if Path(path).exists() is idle.get(event) else path


def die(event: str, path: str, arguments: tuple[Any, ...]) -> bool:
    """End this process before a change; a file that was to be written is opened, and empty."""
    if event == "open":
        with suppress(OSError):
            os.open(path, arguments[2], 0o666)
    os.kill(os.getpid(), signal.SIGKILL)
    return True


def killed(root: Path, act: Act) -> bool:
    """Whether a build that `act` steps into is killed by it."""

    def dying() -> None:
        step_in(root, act)
        build(root)

    return ended_by_force(forked(dying))


def killed_at(root: Path, moment: int) -> bool:
    """Whether a build lives long enough to be killed at the change of this number.

    Changes are files written, renamed and taken away, and folders taken away.
    """
    changes = count()

    def act(event: str, path: str, arguments: tuple[Any, ...]) -> bool:
        return event != "os.mkdir" and next(changes) == moment and die(event, path, arguments)

    return killed(root, act)


def killed_after(root: Path, seconds: float) -> bool:
    child = forked(lambda: build(root))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return ended_by_force(child)


@pytest.mark.parametrize(
    ("state", "undone"), [("all of it", False), ("a word and a phone", True)], ids=str
)
def test_a_build_killed_at_any_change_is_mended_by_the_next(
    state: str, undone: bool, root: Path, clean: dict[str, Tree]
) -> None:
    """`undone`: the next build finds the library as it was before the one that was killed."""
    before, after, kills = "first", state, 0
    for moment in count():
        met = []
        for _ in range(2):
            put(root, after)
            met.append(killed_at(root, moment))
            assert_whole(root, clean[after], clean[before])
            if undone:
                put(root, before)
                assert_mended(root, clean[before])
                put(root, after)
            assert_mended(root, clean[after])
            before, after = after, before
        kills += sum(met)
        if not any(met):
            break
    assert kills >= 30


def test_a_first_build_killed_at_any_change_is_mended_by_the_next(
    tmp_path: Path, clean: dict[str, Tree]
) -> None:
    put(tmp_path, "one sheet")
    for moment in count():
        shutil.rmtree(tmp_path / "output", ignore_errors=True)
        shutil.rmtree(tmp_path / ".handouts", ignore_errors=True)
        met = killed_at(tmp_path, moment)
        assert_whole(tmp_path, clean["one sheet"])
        assert_mended(tmp_path, clean["one sheet"])
        if not met:
            break
    assert moment >= 20


def test_a_build_killed_at_any_time_is_mended_by_the_next(
    root: Path, clean: dict[str, Tree]
) -> None:
    dice = random.Random(SEED)  # noqa: S311
    before, kills = "first", 0
    start = time.perf_counter()
    build(root, "-f")
    longest = time.perf_counter() - start
    for _ in range(KILLS):
        after, laid_out = dice.choice(sorted(STATES)), dice.random() < 0.5
        put(root, after)
        if laid_out:
            assert run("clean", "--all", "--root", root).exit_code == 0
        seconds = dice.uniform(0, longest if laid_out else longest / 3)
        print(f"{after!r} after {before!r}, killed after {seconds} s")
        kills += killed_after(root, seconds)
        assert_whole(root, clean[after], clean[before])
        assert_mended(root, clean[after])
        before = after
    assert kills > KILLS / 4


@contextmanager
def in_processes(root: Path) -> Iterator[subprocess.Popen[str]]:
    """A build from the command line with two processes; whatever it leaves of them is ended.

    They are asked to, so that the one among them that keeps count of semaphores can tidy up.
    """
    command = [sys.executable, "-c", "from handouts.cli import main; main()"]
    options = ["build", "-q", "-j", "2", "--root", str(root)]
    here = Path(__file__).parents[1]
    first = subprocess.Popen(
        [*command, *options], cwd=here, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield first
    finally:
        with suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGTERM)
        first.communicate()


@pytest.mark.parametrize("seed", range(KILLS_IN_PROCESSES))
def test_a_build_in_processes_killed_at_any_time_is_mended_by_the_next(
    seed: int, tmp_path: Path, clean: dict[str, Tree]
) -> None:
    dice = random.Random(SEED + seed)  # noqa: S311
    put(tmp_path, "first")
    before, after = [], clean["first"]
    if seed % 2:
        assert build(tmp_path).exit_code == 0
        put(tmp_path, "all of it")
        assert run("clean", "--all", "--root", tmp_path).exit_code == 0
        before, after = [after], clean["all of it"]
    with in_processes(tmp_path) as first:
        time.sleep(dice.uniform(0.3, LONGEST_IN_PROCESSES))
        first.kill()
        first.wait()
        assert_whole(tmp_path, after, *before)
        assert_mended(tmp_path, after)


def test_a_build_in_processes_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    put(tmp_path, "first")
    with in_processes(tmp_path) as first:
        while not list(tmp_path.glob(".handouts/plate/??/*")) and first.poll() is None:
            time.sleep(0.01)
        first.kill()
        first.communicate(timeout=30)  # ends when no process holds the other end


def die_before_the_manifest(_: str, path: str, __: tuple[Any, ...]) -> bool:
    if MANIFEST in path:
        os.kill(os.getpid(), signal.SIGKILL)
    return False


@pytest.mark.parametrize(
    ("before", "killed_on", "after"),
    [("a clinic gone", "first", "a clinic gone"), ("first", "a word", "a clinic gone")],
)
def test_pdfs_of_a_killed_build_whose_clinic_then_goes_are_taken_away(
    before: str, killed_on: str, after: str, tmp_path: Path, clean: dict[str, Tree]
) -> None:
    put(tmp_path, before)
    assert build(tmp_path).exit_code == 0
    put(tmp_path, killed_on)
    assert killed(tmp_path, die_before_the_manifest)
    put(tmp_path, after)
    assert_mended(tmp_path, clean[after])


def told(root: Path, act: Act) -> tuple[int, str, list[str]]:
    """Exit code and output of a build that `act` steps into, and what it stepped in at."""
    read, write = os.pipe()

    def tell() -> None:
        met = step_in(root, act)
        result = build(root)
        os.write(write, json.dumps([result.exit_code, result.output, met]).encode())

    child = forked(tell)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        data = answer.read()
    assert not ended_by_force(child), "it ended in a traceback"
    exit_code, output, met = json.loads(data)
    return exit_code, output, met


def no_room_from(moment: int) -> Act:
    """From the file of this number on none can be begun."""
    begun = count()

    def act(event: str, path: str, _: tuple[Any, ...]) -> bool:
        if event not in ("open", "os.mkdir") or MANIFEST in path or next(begun) < moment:
            return False
        raise OSError(ENOSPC, os.strerror(ENOSPC), path)

    return act


def no_room_within(moment: int) -> Act:
    """In the file of this number there is room for a few bytes only."""
    import resource  # noqa: PLC0415  not on every system

    begun, (_, most) = count(), resource.getrlimit(resource.RLIMIT_FSIZE)

    def act(event: str, path: str, _: tuple[Any, ...]) -> bool:
        full = event == "open" and MANIFEST not in path and next(begun) == moment
        resource.setrlimit(resource.RLIMIT_FSIZE, (100 if full else most, most))
        return full

    return act


@pytest.mark.parametrize("no_room", [no_room_from, no_room_within])
def test_what_there_is_no_room_for_is_reported_and_made_by_the_next_build(
    no_room: Callable[[int], Act], root: Path, clean: dict[str, Tree]
) -> None:
    before, after = "first", "all of it"
    for moment in count():
        put(root, after)
        exit_code, output, met = told(root, no_room(moment))
        assert_reported(root, exit_code, output, clean[after], clean[before])
        assert_mended(root, clean[after])
        before, after = after, before
        if not met:
            break
    assert moment >= 6


def assert_reported(root: Path, exit_code: int, output: str, after: Tree, before: Tree) -> None:
    """A build that could not do all of it says what is not right, and so does the manifest."""
    found = files(tree(root / "output"))
    wrong = {name for name in found.keys() | files(after) if found.get(name) != after.get(name)}
    wrong.discard(MANIFEST)
    assert not any(map(is_draft, tree(root)))
    assert exit_code == bool(wrong), output
    assert {name for name in wrong if name not in output} == set()
    assert {name for name in wrong if found.get(name) != before.get(name)} == set()
    for item in json.loads(found[MANIFEST] or b"")["editions"]:
        assert item["current"] == (item["path"] not in wrong)
        assert item["sha256"] == sha256(found[item["path"]] or b"").hexdigest()


@pytest.mark.parametrize(
    ("locked", "state"),
    [
        ("rosewater/en/tiny-aftercare.pdf", "a phone"),
        ("rosewater/en", "a phone"),
        ("harbor/en/tiny-aftercare.pdf", "a clinic gone"),
        ("harbor", "a clinic gone"),
    ],
)
def test_what_may_not_be_changed_is_reported_and_stops_no_other(
    locked: str, state: str, root: Path, clean: dict[str, Tree]
) -> None:
    place = root / "output" / locked

    def act(_: str, path: str, __: tuple[Any, ...]) -> bool:
        if not Path(path).is_relative_to(place):
            return False
        raise PermissionError(EACCES, os.strerror(EACCES), path)

    put(root, state)
    exit_code, output, _ = told(root, act)
    assert exit_code == 1
    assert_reported(root, exit_code, output, clean[state], clean["first"])
    assert_mended(root, clean[state])


@pytest.mark.parametrize("before", ["first", None])
def test_a_manifest_that_cannot_be_written_is_reported_and_written_by_the_next_build(
    before: str | None, tmp_path: Path, clean: dict[str, Tree]
) -> None:
    if before:
        put(tmp_path, before)
        assert build(tmp_path).exit_code == 0
    put(tmp_path, "all of it")

    def act(_: str, path: str, __: tuple[Any, ...]) -> bool:
        if MANIFEST not in path:
            return False
        raise OSError(ENOSPC, os.strerror(ENOSPC), path)

    exit_code, output, _ = told(tmp_path, act)
    assert (exit_code, MANIFEST in output) == (1, True)
    assert_mended(tmp_path, clean["all of it"])


def test_no_empty_folder_of_a_clinic_stays(root: Path, clean: dict[str, Tree]) -> None:
    put(root, "a clinic gone")
    clinic = str(root / "output/harbor")
    assert killed(root, lambda *change: change[1] == clinic and die(*change))
    assert_mended(root, clean["a clinic gone"])
    assert tree(root / "output") == clean["a clinic gone"]
