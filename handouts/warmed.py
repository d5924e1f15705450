"""Imported by the process from which the layout processes are forked, so that they start warm."""

from contextlib import suppress

from handouts import fonts, plates, render
from handouts.sheet import Sheet, Typeface

_WORD = Sheet(
    "<html lang=en><title>word</title><p>word",
    "p { color: color(--primary 1) }",
    (),
    (Typeface(fonts.BASE),),
)

with suppress(Exception):  # what is wrong is said when there is a sheet to say it of
    plates.make_plate(render.lay_out(_WORD).pdf)
