"""Whatever file is broken, every command says so and none falls over."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from handouts.cli import main
from tests.small import EN, FILES, T
from tests.test_resolve import NEW, own
from tests.test_standing import ES

Make = Callable[..., Path]
CONSENT = str(FILES[f"{EN}/consent.yaml"])
WHOLE = {
    **{name: str(text) for name, text in ES.items()},
    **own(add=NEW),
    f"{T}/es/consent.yaml": CONSENT.replace("1.1\n", "1.1\nfollows: 1.1\n"),
    "data/glossary.en.yaml": "keloid: a raised scar\n",
    "data/spelling/en-US.yaml": "colour: color\n",
    f"{T}/topics.yaml": "Water: [aftercare/drink]\n",
}
BROKEN = sorted({*FILES, *WHOLE, "data/approvals.yaml"})
COMMANDS = [
    ("check",),
    ("check", "--report", "{root}/report.html"),
    ("build", "-n"),
    ("build", "-n", "--final"),
    ("list",),
    ("status",),
    ("overrides",),
    *(
        ("approve", f"tiny/{sheet}", "-l", language, "--by", "A", "--role", "B")
        for sheet in ("aftercare", "risks", "consent")
        for language in ("en", "es")
    ),
]


@pytest.fixture(scope="module")
def approvals(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Approvals of the whole library, as the program writes them."""
    from tests.small import make_library  # noqa: PLC0415

    root = make_library(tmp_path_factory.mktemp("whole"), {**WHOLE})
    for sheet in ("aftercare", "risks", "consent"):
        arguments = ["approve", f"tiny/{sheet}", "--by", "A", "--role", "B", "--root", str(root)]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
    return (root / "data/approvals.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["zzz: 1\n", None], ids=["spoilt", "gone"])
@pytest.mark.parametrize("broken", BROKEN)
def test_no_command_falls_over_a_broken_file(
    broken: str, how: str | None, library: Make, approvals: str
) -> None:
    root = library({**WHOLE, "data/approvals.yaml": approvals})
    path = root / broken
    path.write_bytes(path.read_bytes() + how.encode()) if how else path.unlink()
    for command in COMMANDS:
        arguments = [part.format(root=root) for part in command]
        result = CliRunner().invoke(main, [*arguments, "--root", str(root)])
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            command,
            result.exception,
        )
        assert "Traceback" not in result.output
        (root / "data/approvals.yaml").write_text(approvals, encoding="utf-8")
        if broken == "data/approvals.yaml":
            path.write_text(approvals + (how or ""), encoding="utf-8")
