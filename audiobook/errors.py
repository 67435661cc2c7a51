"""The one error tree. The library raises these; the command line turns them into a line and an exit code.

    AudiobookError                1   a bug, or a condition nobody foresaw
    ├── UsageError                2   the command was asked for something that does not exist
    ├── InputError                3   what was given cannot be used
    │   ├── BookError                 the source is not a book we can read
    │   │   └── EncryptedBook         … because it is under DRM
    │   ├── ScriptError               a line of a script, cast, lexicon or project file does not parse
    │   ├── ProjectError              the project folder cannot be used
    │   │   └── ProjectBusy           … because another command holds it
    │   ├── StorageError              a disk or folder refuses: full, read-only, gone
    │   └── TakeError                 recordings are missing or damaged, and are to be made again
    ├── MissingDependency         3   an optional package is not installed
    ├── EngineError               4   a voice engine, of exactly three kinds:
    │   ├── TryAgain                  the same request may succeed later
    │   ├── LineRefused               this line will never be accepted; others may
    │   └── StopRun                   no line will be accepted until a person acts
    ├── LinesFailed               5   some lines have no take; everything else is kept
    ├── ProductError              6   the finished file is not what was planned
    └── Interrupted             130   stopped by the person; resumable

The first line of a class's docstring is its default message.
"""

from __future__ import annotations

from typing import ClassVar


class AudiobookError(Exception):
    """Something went wrong inside audiobook."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])

    @property
    def message(self) -> str:
        """One line that says what, where, and what to do."""
        return str(self.args[0])


class UsageError(AudiobookError):
    """That is not something this command can do."""

    exit_code = 2


class InputError(AudiobookError):
    """The input cannot be used."""

    exit_code = 3


class BookError(InputError):
    """This is not a book that can be read."""


class EncryptedBook(BookError):
    """The book is encrypted (DRM); only its seller's software can open it."""


class ScriptError(InputError):
    """A line of an edited file does not parse."""


class ProjectError(InputError):
    """The project folder cannot be used."""


class ProjectBusy(ProjectError):
    """Another command is working on this project."""


class StorageError(InputError):
    """A file or folder could not be read or written."""


class TakeError(InputError):
    """Some recordings are missing or damaged; run `audiobook synth` to make them again."""

    def __init__(self, message: str = "", *, names: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.names = names  # the takes to make again

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders; keyword state would be lost.
        return (type(self), (self.message,), {**self.__dict__})


class MissingDependency(AudiobookError):
    """An optional package is not installed."""

    exit_code = 3


class EngineError(AudiobookError):
    """The voice engine failed."""

    exit_code = 4

    def __init__(self, message: str = "", *, trace: str = "", billed: bool = False) -> None:
        super().__init__(message)
        self.trace = trace  # the service's own id of the failed request, for its support desk
        self.billed = billed  # the service answered and charges for it, though the answer is unusable

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders (the pool of embedded voices); keyword state would be lost.
        return (type(self), (self.message,), {**self.__dict__})


class TryAgain(EngineError):
    """The engine is busy or failed in passing; the same request may succeed later."""

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        busy: bool = False,
        trace: str = "",
        billed: bool = False,
    ) -> None:
        super().__init__(message, trace=trace, billed=billed)
        self.retry_after = retry_after  # seconds, where the engine said so
        self.busy = busy  # rate limit or overload: send fewer requests at once


class LineRefused(EngineError):
    """The engine will not speak this line."""


class StopRun(EngineError):
    """The engine will not speak any line until somebody acts."""


class LinesFailed(AudiobookError):
    """Some lines could not be synthesized; the rest is kept."""

    exit_code = 5


class ProductError(AudiobookError):
    """The finished file is not what was planned."""

    exit_code = 6


class Interrupted(AudiobookError):
    """Interrupted; run the same command again to go on."""

    exit_code = 130
