"""The HTTP of the emulator: requests, replies, and an asyncio server that can misbehave on purpose.

Written by hand rather than with a framework, because it has to break the rules exactly where a fault says so
(cut a body in the middle, stall, reset) and has to answer thousands of requests a second.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

_ROUNDS = 5  # of the event loop
LARGEST = 80 * 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One field of a form."""

    data: bytes
    filename: str = ""

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> object:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body.decode("utf-8"))

    def form(self) -> dict[str, Part]:
        """The fields of a multipart or urlencoded form; of a JSON object too, which some clients send."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            head = f"content-type: {kind}\r\n\r\n".encode()
            message = BytesParser(policy=HTTP).parsebytes(head + self.body)
            return {
                str(part.get_param("name", header="content-disposition")): Part(
                    part.get_payload(decode=True) or b"", part.get_filename() or ""
                )
                for part in message.iter_parts()
            }
        if kind.startswith("application/json"):
            document = self.json()
            return (
                {k: Part(str(v).encode()) for k, v in document.items()} if isinstance(document, dict) else {}
            )
        return {name: Part(value.encode()) for name, value in parse_qsl(self.body.decode("utf-8", "replace"))}


@dataclass
class Reply:
    """An answer. `chunks` are written one by one, `gap` seconds apart; a reply with `length` announces
    Content-Length, one without goes out in chunked encoding."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[bytes | memoryview] = field(default_factory=list)
    length: bool = False
    before: float = 0.0  # seconds before the head
    first: float = 0.0  # seconds between head and body
    gap: float = 0.0
    cut: int | None = None  # bytes of body after which the connection is dropped
    hang: bool = False  # never answer
    reset: bool = False  # drop the connection instead

    @classmethod
    def of(cls, status: int, body: bytes, kind: str) -> Reply:
        return cls(status, {"content-type": kind}, [body] if body else [], length=True)

    @classmethod
    def json(cls, status: int, document: object) -> Reply:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return cls.of(status, text.encode(), "application/json; charset=utf-8")


Handler = Callable[[Request], "Reply | Awaitable[Reply]"]


class _Connection(asyncio.Protocol):
    """One client: reads requests one after the other, writes replies in the same order."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._data = bytearray()
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        self._drained = asyncio.Event()
        self._drained.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._drained.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._drained.clear()

    def resume_writing(self) -> None:
        self._drained.set()

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._busy:
            self._next()

    def drop(self) -> None:
        self._transport.abort()

    def _next(self) -> None:
        try:
            request = self._take()
        except ValueError:
            self._write_head(Reply.of(400, b"bad request", "text/plain"))
            self._transport.close()
            return
        if request is not None:
            self._busy = True
            reply = self._server.handler(request)
            if isinstance(reply, Reply) and not (reply.before or reply.first or reply.gap or reply.hang):
                self._answer_at_once(reply)
            else:
                self._task = asyncio.ensure_future(self._answer(reply))

    def _take(self) -> Request | None:
        """A whole request out of what has arrived, or None as long as a part is missing."""
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return None
        lines = self._data[:end].decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        if headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        taken = self._body(end + 4, headers)
        if taken is None:
            return None
        body, after = taken
        del self._data[:after]
        parts = urlsplit(target)
        return Request(method, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

    def _body(self, start: int, headers: dict[str, str]) -> tuple[bytes, int] | None:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            size = int(headers.get("content-length", "0"))
            if not 0 <= size <= LARGEST:
                raise ValueError("too large")
            return (
                (bytes(self._data[start : start + size]), start + size)
                if len(self._data) >= start + size
                else None
            )
        pieces = []
        while (line := self._data.find(b"\r\n", start)) >= 0:
            size = int(bytes(self._data[start:line]).split(b";")[0], 16)
            start = line + 2
            if len(self._data) < start + size + 2:
                return None
            if size == 0:
                return b"".join(pieces), start + 2
            pieces.append(bytes(self._data[start : start + size]))
            start += size + 2
        return None

    def _write_head(self, reply: Reply) -> None:
        reason = HTTPStatus(reply.status).phrase
        lines = [f"HTTP/1.1 {reply.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        if reply.length:
            lines.append(f"content-length: {sum(len(chunk) for chunk in reply.chunks)}")
        else:
            lines.append("transfer-encoding: chunked")
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def _write_chunk(self, reply: Reply, chunk: bytes | memoryview) -> None:
        if reply.length:
            self._transport.write(chunk)
        else:
            self._transport.writelines([b"%x\r\n" % len(chunk), chunk, b"\r\n"])

    def _answer_at_once(self, reply: Reply) -> None:
        if reply.reset:
            self._transport.abort()
            return
        self._write_head(reply)
        left = reply.cut
        for chunk in reply.chunks:
            if left is not None and len(chunk) >= left:
                self._write_chunk(reply, chunk[:left] if left else chunk[:1])
                self._transport.close()
                return
            left = None if left is None else left - len(chunk)
            self._write_chunk(reply, chunk)
        self._finish(reply)

    def _finish(self, reply: Reply) -> None:
        if not reply.length:
            self._transport.write(b"0\r\n\r\n")
        self._task = None
        self._busy = False
        if self._data:
            self._next()

    async def _answer(self, given: Reply | Awaitable[Reply]) -> None:
        reply = given if isinstance(given, Reply) else await given
        if reply.hang:
            await asyncio.sleep(3600)
        if reply.before:
            await asyncio.sleep(reply.before)
        self._write_head(reply)
        if reply.first:
            await asyncio.sleep(reply.first)
        left = reply.cut
        for number, chunk in enumerate(reply.chunks):
            if number and reply.gap:
                await asyncio.sleep(reply.gap)
            await self._drained.wait()
            if left is not None and len(chunk) >= left:
                self._write_chunk(reply, chunk[:left] if left else chunk[:1])
                self._transport.close()
                return
            left = None if left is None else left - len(chunk)
            self._write_chunk(reply, chunk)
        self._finish(reply)


class Server:
    """An HTTP server in a thread of its own, with a loop of its own."""

    def __init__(self, handler: Handler, host: str = "127.0.0.1", port: int = 0) -> None:
        self.handler = handler
        self.connections: set[_Connection] = set()
        self._host, self._port = host, port
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._failed: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    @property
    def address(self) -> str:
        return f"http://{self._host}:{self._port}"

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self._thread.start()
        self._started.wait()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._listen())
        except OSError as error:
            self._failed = error
            self._started.set()
            return
        self._started.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        server = await self._loop.create_server(
            lambda: _Connection(self), self._host, self._port, backlog=512
        )
        self._port = server.sockets[0].getsockname()[1]
        self._server = server

    def stop(self) -> None:
        """Stop listening and drop everybody."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for connection in list(self.connections):
            connection.drop()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for _ in range(
            _ROUNDS
        ):  # who was accepted just now becomes a connection a round later, or is closed then
            for connection in list(self.connections):
                connection.drop()
            await asyncio.sleep(0)
