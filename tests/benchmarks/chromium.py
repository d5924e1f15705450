"""One Chromium kept warm, printing pages to PDF by its DevTools protocol over a pipe."""

import asyncio
import base64
import fcntl
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from handouts import fonts
from handouts.sheet import Sheet
from tests.benchmarks import others

FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LAUNCH = """
import os, sys
incoming, outgoing, *command = sys.argv[1:]
os.dup2(int(incoming), 3)
os.dup2(int(outgoing), 4)
os.execv(command[0], command)
"""
"""Starts a program with two pipes where the protocol is spoken: descriptors 3 and 4."""

LONGEST = 2**28
"""Bytes that a message may have: a PDF comes as one."""


def page(sheet: Sheet) -> str:
    """The sheet as one file: its CSS inside, its images as data."""
    html = sheet.html.replace("</head>", f"<style>{sheet.css}</style></head>")
    for asset in sheet.assets:
        data = base64.b64encode(asset.data).decode()
        kind = "svg+xml" if asset.name.endswith(".svg") else "png"
        html = html.replace(f"asset:{asset.name}", f"data:image/{kind};base64,{data}")
    return html


class Browser:
    """The protocol's two directions: commands with their replies, and pages that are loaded."""

    def __init__(self, reader: asyncio.StreamReader, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loads: dict[str, asyncio.Future[None]] = {}

    async def command(self, method: str, session: str = "", **values: object) -> dict[str, Any]:
        """The result of a command, to the browser or to one of its tabs."""
        number = len(self._replies)
        message = {"id": number, "method": method, "params": values}
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        addressed = message | ({"sessionId": session} if session else {})
        os.write(self._writer, json.dumps(addressed).encode() + b"\0")
        result: dict[str, Any] = await reply
        return result

    async def tab(self) -> str:
        """A new tab, by the session in which it takes commands."""
        target = (await self.command("Target.createTarget", url="about:blank"))["targetId"]
        opened = await self.command("Target.attachToTarget", targetId=target, flatten=True)
        session = str(opened["sessionId"])
        await self.command("Page.enable", session)
        return session

    async def print(self, session: str, path: Path) -> bytes:
        """A page that lies on disk, as PDF."""
        loaded = self._loads[session] = asyncio.get_running_loop().create_future()
        await self.command("Page.navigate", session, url=path.as_uri())
        await loaded
        how = {"preferCSSPageSize": True, "printBackground": True, "generateTaggedPDF": True}
        printed = await self.command("Page.printToPDF", session, **how)
        return base64.b64decode(printed["data"])

    async def listen(self) -> None:
        """Hand out what comes in, until the browser ends."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                self._take(json.loads((await self._reader.readuntil(b"\0"))[:-1]))
        self._give_up(self._replies.values())
        self._give_up(self._loads.values())

    @staticmethod
    def _give_up(waiting: Iterable[asyncio.Future[Any]]) -> None:
        for each in waiting:
            if not each.done():
                each.set_exception(OSError("the browser has ended"))

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Page.loadEventFired":
            loaded = self._loads.pop(message["sessionId"], None)
            if loaded:
                loaded.set_result(None)
        elif "error" in message:
            self._replies[message["id"]].set_exception(OSError(message["error"]["message"]))
        elif "id" in message:
            self._replies[message["id"]].set_result(message["result"])


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    """A browser that knows the sheets' typefaces, until the end of the block."""
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    flags = (*FLAGS, *root, f"--user-data-dir={folder}/profile")
    (theirs_in, ours_out), (ours_in, theirs_out) = _pipe(), _pipe()
    descriptors = (str(theirs_in), str(theirs_out))
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-c",
            LAUNCH,
            *descriptors,
            others.chromium() or others.CHROMIUMS[0],
            *flags,
        ),
        pass_fds=(theirs_in, theirs_out),
        env={**os.environ, "FONTCONFIG_FILE": str(_fontconfig(folder))},
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    reader = asyncio.StreamReader(LONGEST)
    with open(ours_in, "rb", buffering=0) as incoming:  # noqa: PTH123  a descriptor
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), incoming
        )
        opened = Browser(reader, ours_out)
        listening = asyncio.create_task(opened.listen())
        try:
            yield opened
        finally:
            os.close(ours_out)
            await process.wait()
            listening.cancel()
            transport.close()


def _pipe() -> tuple[int, int]:
    """A pipe whose descriptors are out of the way of 3 and 4."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]


def _fontconfig(folder: Path) -> Path:
    places = filter(None, map(fonts.folder, (fonts.BASE, *fonts.SCRIPTS)))
    listed = "".join(f"<dir>{escape(str(place))}</dir>" for place in places)
    path = folder / "fonts.conf"
    path.write_text(
        f"<?xml version='1.0'?><fontconfig><reset-dirs/>{listed}"
        f"<cachedir>{escape(str(folder))}/fonts</cachedir></fontconfig>"
    )
    return path
