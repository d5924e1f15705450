"""A cluster lays out what this machine would."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.program import laid_out, run
from tests.small import EN, FILES
from tests.test_tidy import ALL

Make = Callable[..., Path]

CLUSTER = """
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The scheduler of a Dask cluster with two workers."""
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, script], text=True, cwd=script.parent, **pipes) as done:
        assert done.stdout
        assert done.stdin
        yield done.stdout.readline().strip()
        done.stdin.write("\n")


def build(root: Path, address: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("handouts")
    command = [program, "build", "--executor", f"dask:{address}", "--root", root]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def pdfs(root: Path) -> dict[str, bytes]:
    return {path: (root / "output" / path).read_bytes() for path in ALL}


def test_a_cluster_gives_the_same_bytes(address: str, library: Make, built_once: Path) -> None:
    root = library()
    done = build(root, address)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("6 made")
    assert pdfs(root) == pdfs(built_once)
    with laid_out() as jobs:
        assert run("build", "-f", "-j", 1, "--root", root).stdout.startswith("0 made, 6 unchanged")
    assert len(jobs) == 10


def test_what_fails_on_a_cluster_is_named_as_it_would_be_here(address: str, library: Make) -> None:
    risks = str(FILES[f"{EN}/risks.yaml"]).replace("hurt", "hurt \N{BILLIARDS}")
    root = library({f"{EN}/risks.yaml": risks})
    there, here = build(root, address), run("build", "-j", 1, "--root", root)
    assert there.returncode == here.exit_code == 1
    assert "no font has" in there.stderr
    assert there.stderr == here.stderr
    assert there.stdout.startswith("4 made, 0 unchanged, 2 failed")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("dask", "write dask:ADDRESS"),
        ("ray:10.0.0.5", "there is no executor 'ray:10.0.0.5'"),
        ("dask:tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("dask:nonsense://x:1", "write dask:ADDRESS"),
    ],
)
def test_a_cluster_that_cannot_be_reached_is_told(where: str, said: str, library: Make) -> None:
    root = library()
    program = Path(sys.executable).with_name("handouts")
    command = [program, "build", "--executor", where, "--root", root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "output").exists()
