"""The whole emulator: the service, its account and log, a server, and routes for control."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from .account import Account, Log
from .chat import Chat
from .cosyvoice import FIELDS, CosyVoice
from .hearing import Ear
from .openai import PREFIX, OpenAI
from .siliconflow import SiliconFlow
from .speech import Speaker
from .switches import Faults, Switches
from .wire import Reply, Request, Server


class Emulator:
    """A service on a port of this machine.

    with Emulator(latency=0.5) as service:
        engine = SiliconFlow({"base_url": service.url})
        ...
        assert service.log.billed == 1234
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        seed: int = 1,
        log_file: Path | None = None,
        account: Account | None = None,
        **switches: Any,
    ) -> None:
        self.switches = Switches(**switches)
        self.faults = Faults(seed)
        self.account = account or Account()
        self.log = Log(log_file)
        self.ear = Ear()
        self.ear.keep_sounds = self.switches.voice != "tone"
        self.speaker = Speaker()
        self.siliconflow = SiliconFlow(
            self.switches, self.faults, self.account, self.log, self.ear, self.speaker
        )
        voice = self.switches.voice
        self.chat = Chat(self.log)
        self.siliconflow.others["POST", "/v1/chat/completions"] = self.chat.answer
        self.cosyvoice = CosyVoice(self.log, self.ear, self.speaker, voice)
        self.openai = OpenAI(self.log, self.ear, self.speaker, voice)
        self._server = Server(self.handle, host, port)

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def url(self) -> str:
        """The base URL for clients of SiliconFlow."""
        return f"{self.address}/v1"

    @property
    def openai_url(self) -> str:
        """The base URL for clients of OpenAI's imitators. CosyVoice's routes are at `address`."""
        return f"{self.address}{PREFIX}"

    @property
    def voices(self) -> dict[str, Any]:
        """Uploaded voices by uri."""
        return self.siliconflow.voices

    def start(self) -> Emulator:
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()
        self.log.close()

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def handle(self, request: Request) -> Reply | Awaitable[Reply]:
        if request.path.startswith("/_emulator/"):
            return self._control(request)
        if request.path in FIELDS:
            return self.cosyvoice.answer(request)
        if request.path.startswith(PREFIX):
            return self.openai.answer(request)
        return self.siliconflow.answer(request)

    def _control(self, request: Request) -> Reply:
        """Routes that no real service has: for a person or a test in another process."""
        try:
            document = request.json() if request.body else {}
            given = document if isinstance(document, dict) else {}
            match request.path.removeprefix("/_emulator/"):
                case "log":
                    return Reply.json(200, [asdict(entry) for entry in self.log.entries])
                case "stats":
                    return Reply.json(200, self.stats())
                case "topup":
                    self.account.top_up(float(given.get("amount", 10)))
                case "faults":
                    self.faults.set(**given)
                case "force":
                    self.faults.force(str(given["fault"]), int(given.get("times", 1)))
                case "switch":
                    for name, value in given.items():
                        getattr(self.switches, name)
                        setattr(self.switches, name, value)
                case _:
                    return Reply.of(404, b"no such control", "text/plain")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return Reply.json(400, {"message": str(error)})
        return Reply.json(200, self.stats())

    def stats(self) -> dict[str, Any]:
        """Counts of what was asked and billed."""
        speech = self.log.speech()
        statuses: dict[str, int] = {}
        for entry in speech:
            statuses[str(entry.status)] = statuses.get(str(entry.status), 0) + 1
        return {
            "requests": len(self.log.entries),
            "speech": len(speech),
            "statuses": statuses,
            "billed_bytes": self.log.billed,
            "balance": self.account.balance,
        }
