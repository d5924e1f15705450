"""ICC profiles, byte by byte (ICC.1:2001-04): so small, and never with the day they were made."""

import struct
from functools import cache

WHITE = (63190, 65536, 54061)
"""What D50 is in 65,536ths; the colours of sRGB below add up to it."""

RED, GREEN, BLUE = (28576, 14581, 912), (25239, 46982, 6361), (9375, 3973, 46788)


@cache
def ink() -> bytes:
    """One channel: it lets CSS name a colour that is filled later."""
    return _profile(b"GRAY", {**_named(b"ink"), b"kTRC": struct.pack(">4s4xIH2x", b"curv", 1, 256)})


@cache
def srgb() -> bytes:
    """What the numbers of a colour mean (IEC 61966-2-1)."""
    curve = struct.pack(">4s4xI256H", b"curv", 256, *map(_light, range(256)))
    tags = _named(b"sRGB")
    for letter, color in zip("rgb", (RED, GREEN, BLUE), strict=True):
        tags |= {f"{letter}XYZ".encode(): _xyz(color), f"{letter}TRC".encode(): curve}
    return _profile(b"RGB ", tags)


def _light(value: int) -> int:
    """How much light a channel's value stands for, in 65,535ths."""
    share = value / 255
    linear = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    return round(linear * 65535)


def _named(name: bytes) -> dict[bytes, bytes]:
    """The tags that every profile has."""
    name += b"\0"
    return {
        b"desc": struct.pack(">4s4xI", b"desc", len(name)) + name + bytes(78),
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": _xyz(WHITE),
    }


def _xyz(color: tuple[int, int, int]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *color)


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile for displays; tags with the same value share it."""
    table, data = struct.pack(">I", len(tags)), b""
    places: dict[bytes, int] = {}
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        if value not in places:
            places[value] = start + len(data)
            data += value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", tag, places[value], len(value))
    size = 128 + len(table) + len(data)
    head = struct.pack(">I4xI4s4s4s12x4s28x", size, 0x02100000, b"mntr", space, b"XYZ ", b"acsp")
    return head + struct.pack(">3i48x", *WHITE) + table + data
