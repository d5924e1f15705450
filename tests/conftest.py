"""What several test modules start from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.logo_process import Artworks
from handouts.store import Store
from tests.program import run
from tests.small import make_library


@pytest.fixture
def library(tmp_path: Path) -> Callable[..., Path]:
    """Writes the small library with files laid over it, and gives its root."""

    def make(files: dict[str, str | bytes | None] | None = None) -> Path:
        return make_library(tmp_path, files)

    return make


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with its PDFs, which nobody changes."""
    root = make_library(tmp_path_factory.mktemp("built"))
    assert run("build", "-j", 1, "--root", root).exit_code == 0
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """The small library with its PDFs, to be changed at will.

    It is built once more where it now lies, for the record of a build goes by its folder.
    """
    root = Path(shutil.copytree(built_once, tmp_path / "built"))
    assert run("build", "-j", 1, "--root", root).exit_code == 0
    return root


@pytest.fixture(scope="session")
def artworks(tmp_path_factory: pytest.TempPathFactory) -> Artworks:
    """Draws logos as the program does, in processes of their own."""
    return Artworks(Store(tmp_path_factory.mktemp("artworks")), "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-goldens", action="store_true", help="write the goldens anew")
