"""The one way to the network: a pooled client whose answers are bounded and whose failures are our errors.

Nothing of httpx leaves this module. An answer of any status is an `Answer`; judging it is somebody else's.
"""

from __future__ import annotations

import contextlib
import email.utils
import functools
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from audiobook import __version__
from audiobook.engines.credentials import Secret
from audiobook.errors import StopRun, TryAgain, UsageError

LARGEST = 64 * 1024 * 1024
"""Bytes of body above which an answer is no recording of a line."""

TRACES = ("x-siliconcloud-trace-id", "x-trace-id", "x-request-id")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def trace(self) -> str:
        """The service's own id of this request."""
        return next((self.headers[name] for name in TRACES if name in self.headers), "")

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks to wait, where it says so."""
        given = self.headers.get("retry-after", "").strip()
        if given.replace(".", "", 1).isdigit():
            return float(given)
        parsed = email.utils.parsedate_tz(given)
        return max(0.0, email.utils.mktime_tz(parsed) - time.time()) if parsed else None


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait, in seconds: for a connection, for the next bytes, and for the whole answer."""

    connect: float = 10.0
    read: float = 60.0
    whole: float = 180.0


class OpenAnswer:
    """An answer whose body is still arriving. Status and headers are known."""

    def __init__(self, response: httpx.Response, waits: Waits, host: str) -> None:
        self._response = response
        self._end = time.monotonic() + waits.whole
        self._host = host
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.head = Answer(response.status_code, headers)

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives. Raises TryAgain when it breaks off, stalls or never ends."""
        size = 0
        with translated(self._host, self.head):
            for chunk in self._response.iter_bytes():
                size += len(chunk)
                if size > LARGEST:
                    raise self._lost(f"sent more than {LARGEST >> 20} MB for one line")
                if time.monotonic() > self._end:
                    raise self._lost("took too long to send its answer")
                yield chunk

    def _lost(self, what: str) -> TryAgain:
        return TryAgain(f"{self._host} {what}", trace=self.head.trace, billed=self.head.status == 200)

    def whole(self) -> Answer:
        """Wait for the end."""
        return Answer(self.head.status, self.head.headers, b"".join(self.chunks()))


@contextlib.contextmanager
def translated(host: str, head: Answer | None = None) -> Iterator[None]:
    """Turn what httpx raises into ours. `head` is the answer's beginning, where there was one."""
    trace = head.trace if head else ""
    billed = head is not None and head.status == 200
    try:
        yield
    except httpx.ConnectError as error:
        if "CERTIFICATE" in str(error).upper():
            raise StopRun(f"the certificate of {host} is not to be trusted: {error}") from error
        raise TryAgain(f"cannot reach {host}: {error}; is the network up?") from error
    except httpx.ConnectTimeout as error:
        raise TryAgain(f"cannot reach {host}: no answer to the call; is the network up?") from error
    except httpx.TimeoutException as error:
        raise TryAgain(
            f"{host} stopped answering in the middle of a request", trace=trace, billed=billed
        ) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise UsageError(f"{host}: not an address of a server ({error}); check base_url") from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise TryAgain(f"the answer of {host} broke off: {error}", trace=trace, billed=billed) from error
    except RuntimeError as error:
        if "closed" not in str(error):
            raise
        # What httpx says when the client was closed by another thread.
        raise TryAgain(f"the connection to {host} was closed: {error}", trace=trace) from error


def address(base_url: str) -> str:
    """A base URL as a person writes it, made regular: a scheme, no trailing slash, no endpoint's path.

    Raises UsageError.
    """
    url = base_url.strip().rstrip("/")
    for path in ("/audio/speech", "/audio/transcriptions", "/chat/completions", "/models"):
        url = url.removesuffix(path)
    if not url.startswith(("http://", "https://")) or not url.partition("://")[2]:
        raise UsageError(f"{base_url!r} is no base URL; write for example http://localhost:8000/v1")
    return url


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Read once: it takes longer than everything else about opening an engine."""
    return httpx.create_ssl_context()


class Wire:
    """Requests to one service. Safe to use from many threads; the pool has one connection for each."""

    def __init__(
        self, base_url: str, key: Callable[[], Secret | None], *, waits: Waits, connections: int = 4
    ) -> None:
        self.base_url = address(base_url)
        self.host = self.base_url.partition("://")[2].partition("/")[0]
        self._find_key = key
        self._key: Secret | None = None
        self._waits = waits
        self._closed = False
        self._under_way = 0
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        timeout = httpx.Timeout(waits.read, connect=waits.connect, pool=waits.whole)
        size = httpx.Limits(max_connections=connections + 2, max_keepalive_connections=connections + 2)
        with translated(self.host):
            self._client = httpx.Client(
                verify=_certificates(),
                timeout=timeout,
                limits=size,
                headers={"user-agent": f"audiobook/{__version__}"},
            )

    def _headers(self) -> dict[str, str]:
        if self._key is None:
            self._key = self._find_key()
        return {"authorization": f"Bearer {self._key.reveal()}"} if self._key else {}

    def use_key(self, key: Secret) -> None:
        """Use a key that is kept nowhere yet."""
        self._key = key

    def masked(self, text: str) -> str:
        """`text` without the key, should the service have quoted it."""
        return self._key.hidden_in(text) if self._key else text

    @contextlib.contextmanager
    def open(self, method: str, path: str, **content: Any) -> Iterator[OpenAnswer]:
        """Send a request and hand over the answer as soon as its head is there.

        `content` is httpx's: json, data, files, params. Raises TryAgain, StopRun for a missing key.
        """
        headers = self._headers()
        self._enter()
        with contextlib.ExitStack() as stack:
            stack.callback(self._leave)
            with translated(self.host):
                request = self._client.stream(
                    method,
                    self.base_url + path,
                    headers=headers,
                    extensions={"trace": self._watch},
                    **content,
                )
                response = stack.enter_context(request)
            yield OpenAnswer(response, self._waits, self.host)

    def ask(self, method: str, path: str, **content: Any) -> Answer:
        """Send a request and wait for the whole answer."""
        with self.open(method, path, **content) as answer:
            return answer.whole()

    def _watch(self, event: str, information: Mapping[str, Any]) -> None:
        """Remember the sockets: a thread waiting for an answer wakes up only when its socket shuts down."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = information["return_value"].get_extra_info("socket")
            with self._lock:
                if found is not None:
                    self._sockets.add(found)
                closed = self._closed
            if closed:
                if found is not None:
                    found.close()  # nobody else will know of it
                raise self._gone()

    def _gone(self) -> TryAgain:
        return TryAgain(f"the connection to {self.host} was closed")

    def _enter(self) -> None:
        with self._lock:
            if self._closed:
                raise self._gone()
            self._under_way += 1

    def _leave(self) -> None:
        """The last one out closes the pool: closed earlier, it would keep others waiting for a connection."""
        with self._lock:
            self._under_way -= 1
            last = self._closed and not self._under_way
        if last:
            self._shut()

    def close(self) -> None:
        """Close all connections; requests under way fail with TryAgain."""
        with self._lock:
            self._closed = True
            idle = not self._under_way
            sockets = list(self._sockets)
        for opened in sockets:
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        if idle:
            self._shut()

    def _shut(self) -> None:
        self._client.close()
        with self._lock:
            sockets = list(self._sockets)
        for opened in sockets:
            opened.close()
