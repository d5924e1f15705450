"""What others than us need on this machine, and how to get it."""

import shutil
from importlib.util import find_spec

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of an installed Chromium."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def remedy(name: str) -> str:
    """How to get what this rival needs; nothing if it is here."""
    if name == "chromium" and not chromium():
        return "apt-get install chromium, or any Chrome or Chromium on the PATH"
    if name == "typst" and not find_spec("typst"):
        return ".venv/bin/pip install typst"
    return ""
