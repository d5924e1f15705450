"""What a sheet can be printed as."""

from typing import Literal, get_args

Layout = Literal["standard", "large-print", "booklet"]
"""How a sheet is laid out: on the clinic's paper, in large print there, or as A5 pages."""

Format = Literal["standard", "mono", "large-print", "large-print-mono", "booklet", "booklet-mono"]
"""What a sheet is printed as: a layout, in colour or (`mono`) in black and grey."""

LAYOUTS: tuple[Layout, ...] = get_args(Layout)
FORMATS: tuple[Format, ...] = get_args(Format)


def layout(form: Format) -> Layout:
    """How a sheet in this format is laid out."""
    name = form.removesuffix("mono").rstrip("-") or "standard"
    return next(each for each in LAYOUTS if each == name)


def is_mono(form: Format) -> bool:
    """Whether it is printed in black and grey."""
    return form.endswith("mono")
