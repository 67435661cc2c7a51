"""Run a command in a pseudo-terminal and draw what the screen shows as an SVG.

Usage: python scripts/terminal.py docs/terminal.svg "audiobook make samples/the-warmest-carriage.md" […]
"""

from __future__ import annotations

import os
import pty
import re
import shlex
import struct
import sys
import termios
from fcntl import ioctl
from html import escape
from pathlib import Path

COLUMNS, SIZE, LEADING = 100, 14, 20
WIDTH = int(COLUMNS * SIZE * 0.602) + 48
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def record(command: str) -> list[str]:
    """The lines that are left on a screen of COLUMNS columns when the command has ended."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(shlex.split(command)[0], shlex.split(command))
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    output = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the child has closed its side
            break
        if not piece:
            break
        output += piece
    os.waitpid(pid, 0)
    text = _CONTROL.sub("", output.decode("utf-8", "replace")).replace("\r\n", "\n")
    shown = [line.rstrip().split("\r")[-1] for line in text.split("\n")]
    return [line[start : start + COLUMNS] for line in shown for start in range(0, max(len(line), 1), COLUMNS)]


def draw(lines: list[tuple[str, str]]) -> str:
    """An SVG of (colour, text) lines in a window."""
    height = len(lines) * LEADING + 72
    rows = "\n".join(
        f'<text x="24" y="{64 + number * LEADING}" fill="{colour}" xml:space="preserve">{escape(text)}</text>'
        for number, (colour, text) in enumerate(lines)
    )
    dots = "".join(
        f'<circle cx="{24 + 20 * n}" cy="20" r="6" fill="{c}"/>'
        for n, c in enumerate(("#e0645c", "#e0b45c", "#6cb86a"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="A terminal session of audiobook">\n'
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#1d2129"/>\n{dots}\n'
        f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="{SIZE}">\n'
        f"{rows}\n</g>\n</svg>\n"
    )


def main() -> None:
    """Record every command given and draw them one below the other."""
    lines: list[tuple[str, str]] = []
    for command in sys.argv[2:]:
        lines.append(("#8fbf7f", f"$ {command}"))
        lines += [("#d8dee9", line) for line in record(command)]
    while lines and not lines[-1][1]:
        lines.pop()
    Path(sys.argv[1]).write_text(draw(lines), "utf-8")


if __name__ == "__main__":
    main()
