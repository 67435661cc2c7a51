"""`audiobook engines`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from audiobook.cli.common import print_json
from audiobook.cli.options import json_option


def _describe(name: str) -> dict[str, Any]:
    """What one engine is, what it can do, and whether it could be used now."""
    from audiobook.engines import engine_class
    from audiobook.errors import AudiobookError
    from audiobook.project import ProjectSettings, engine_settings

    try:
        kind = engine_class(name)
        known: dict[str, Any] = {
            "name": name,
            "summary": (kind.__doc__ or "").strip().splitlines()[0],
            "can": [
                word for word in ("styles", "phonemes", "cloning", "streaming") if getattr(kind.traits, word)
            ],
        }
    except (AudiobookError, ImportError, AttributeError) as error:
        return {"name": name, "summary": "cannot be loaded", "can": [], "ready": False, "reason": str(error)}
    try:
        engine = kind(engine_settings(ProjectSettings(), name))
    except AudiobookError as error:
        return {**known, "ready": False, "reason": error.message}
    try:
        # Engines that look for their key only with the first request can say earlier that there is none.
        getattr(engine, "ready", lambda: None)()
        return {**known, "ready": True, "limits": asdict(engine.limits), "price": asdict(engine.price)}
    except AudiobookError as error:
        return {**known, "ready": False, "reason": error.message}
    finally:
        engine.close()


def _line(engine: dict[str, Any]) -> str:
    state = "ready" if engine["ready"] else f"not ready: {engine['reason']}"
    price = engine.get("price", {})
    cost = (
        f", {price['per_million']:g} {price['currency']} per million {price['unit']}"
        if price.get("per_million")
        else ""
    )
    abilities = f" ({', '.join(engine['can'])})" if engine["can"] else ""
    return f"{engine['name']:12} {engine['summary']}{abilities}\n{'':12} {state}{cost}"


@click.command(epilog="Example: audiobook engines --json")
@json_option
def engines(as_json: bool) -> None:
    """List the voice engines, what each can do, what it costs, and what it still needs.

    The embedded engine, espeak, is always ready. Engines from other packages are listed too once they
    are installed.
    """
    from audiobook.engines import names

    found = [_describe(name) for name in names()]
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(map(_line, found)))
