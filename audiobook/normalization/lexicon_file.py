"""Adding to a `lexicon.toml` that a person edits too: comments and order stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from audiobook import files
from audiobook.errors import ScriptError, UsageError
from audiobook.normalization.lexicon import parse_lexicon

PREAMBLE = """\
# How words are said. See docs/text.md.
# [words]
# Hermione = "Her MY oh nee"
# Cholmondeley = { ipa = "ˈtʃʌmli" }

"""


def _value(say: str, ipa: str, extra: dict[str, str | bool]) -> str | InlineTable:
    if say and not ipa and not extra:
        return say
    table = tomlkit.inline_table()
    for key, value in {"say": say, "ipa": ipa, **extra}.items():
        if value != "":
            table[key] = value
    return table


def _inline(entry: Any) -> Any:
    """An entry as it stands in a list; one written as `[[words.Name]]` has lines of its own."""
    if not isinstance(entry, dict):
        return entry
    table = tomlkit.inline_table()
    table.update(entry)
    return table


def _same_scope(value: Any, extra: dict[str, str | bool]) -> bool:
    scope = (
        {key: value[key] for key in ("language", "speaker") if key in value}
        if isinstance(value, dict)
        else {}
    )
    return scope == {key: extra[key] for key in ("language", "speaker") if extra.get(key)}


def add_entry(
    text: str, word: str, *, say: str = "", ipa: str = "", extra: dict[str, str | bool] | None = None
) -> str:
    """The text of a lexicon with one entry more, or with that of the same word and scope replaced.

    Raises UsageError where the entry is not one, ScriptError where the text is no lexicon.
    """
    extra = {key: value for key, value in (extra or {}).items() if value not in ("", None)}
    try:
        document = tomlkit.parse(text or PREAMBLE)
    except TOMLKitError as error:
        raise ScriptError(f"lexicon.toml: {error}") from None
    parse_lexicon(text)
    words: Any = document.setdefault("words", tomlkit.table())
    new = _value(say, ipa, extra)
    old = words.get(word)
    entries = old if isinstance(old, list) else [] if old is None else [old]
    kept = [entry for entry in entries if not _same_scope(entry, extra)]
    if kept:
        array = tomlkit.array()
        for entry in [*kept, new]:
            array.append(_inline(entry))
        words[word] = array
    else:
        words[word] = new
    result = tomlkit.dumps(document)
    try:
        parse_lexicon(result)
    except ScriptError as error:
        raise UsageError(f"{word}: {error.message.partition(': ')[2] or error.message}") from None
    return result


def add_to_file(
    path: Path, word: str, *, say: str = "", ipa: str = "", extra: dict[str, str | bool] | None = None
) -> None:
    """Write one entry into a lexicon, which is made if there is none.

    Raises UsageError, ScriptError, StorageError.
    """
    previous = files.read_bytes(path).decode("utf-8", "replace") if path.exists() else ""
    files.write_text(path, add_entry(previous, word, say=say, ipa=ipa, extra=extra))
