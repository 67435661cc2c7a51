"""Start the emulator by hand; see docs/emulator.md."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from .account import Account
from .app import Emulator
from .switches import FAULTS


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument(
        "--voice", choices=("espeak", "tone"), default="espeak", help="speech, or a cheap tone"
    )
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument(
        "--realtime", type=float, default=0.0, help="send streams at this multiple of real time"
    )
    parser.add_argument("--balance", type=float, help="money on the account; without: it never runs dry")
    parser.add_argument("--price", type=float, default=50.0, help="money per million bytes")
    parser.add_argument("--requests-per-minute", type=int)
    parser.add_argument("--log", type=Path, help="a file for the requests, one JSON document a line")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--fault", action="append", default=[], metavar="NAME=P",
        help=f"a fault and its probability, again for more: {', '.join(FAULTS)}",
    )  # fmt: skip
    return parser.parse_args()


def main() -> None:
    given = arguments()
    faults = {name: float(share) for name, _, share in (entry.partition("=") for entry in given.fault)}
    account = Account(given.balance, given.price, given.requests_per_minute)
    emulator = Emulator(
        host=given.host, port=given.port, seed=given.seed, log_file=given.log, account=account,
        voice=given.voice, latency=given.latency, realtime=given.realtime,
    )  # fmt: skip
    emulator.faults.set(**faults)
    with emulator:
        sys.stdout.write(f"listening on {emulator.url} (key sk-emulator)\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("stopped\n")


if __name__ == "__main__":
    main()
