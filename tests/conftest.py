"""What several test modules start from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.small import make_library


@pytest.fixture
def library(tmp_path: Path) -> Callable[..., Path]:
    """Writes the small library with files laid over it, and gives its root."""

    def make(files: dict[str, str | bytes | None] | None = None) -> Path:
        return make_library(tmp_path, files)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-goldens", action="store_true", help="write the goldens anew")
