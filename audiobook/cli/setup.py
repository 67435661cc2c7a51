"""`audiobook setup`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import note

if TYPE_CHECKING:
    from audiobook.engines.credentials import Secret
    from audiobook.engines.siliconflow import SiliconFlow

SAMPLE = "It was a quiet evening, and the lamps were being lit one after the other along the river."
PAGES = {"cn": "https://cloud.siliconflow.cn/account/ak", "com": "https://cloud.siliconflow.com/account/ak"}
SPEECH = ("cosyvoice", "moss-tts", "fish-speech", "indextts")
WORDS = """\
What to know:
  - Speech is paid by bytes of text (a Chinese character has three, a letter one): {price}.
    A novel of 500 000 letters is about {novel}. `audiobook estimate` says it for your book beforehand,
    `--budget 20` stops before more than that is spent.
  - The account limits requests a minute; audiobook slows down by itself when it is told to.
  - On siliconflow.cn the real-name check is needed for voices of your own and for free models.
"""


@click.command(epilog="Example: audiobook setup siliconflow")
@click.argument("engine", default="siliconflow")
@click.option(
    "--cloud", type=click.Choice(["cn", "com"]), help="siliconflow.cn (China) or .com (international)."
)
@click.option("--base-url", help="Another address, as of the emulator or of a proxy.")
@click.option("--key", help="The key; - reads it from standard input. Better not: leave it out and be asked.")
@click.option("--model", help="Model; default CosyVoice2.")
@click.option("--voice", help="The narrator's voice, e.g. claire.")
@click.option(
    "--no-keyring", is_flag=True, help="Keep the key in a file (mode 0600), not in the system's keyring."
)
@click.option("--yes", "-y", is_flag=True, help="Ask nothing: take what is given and defaults.")
def setup(engine: str, key: str | None, yes: bool, **given: Any) -> None:
    """Set up an account for a cloud engine: siliconflow (default) or openai.

    Asks for the key, checks it at once, lets you choose cloud, model and the narrator's voice by ear, and
    keeps the key in the system's keyring or in a file that only you can read. Keys never go into a project.
    """
    from audiobook.errors import UsageError

    if engine == "openai":
        _set_up_openai(_key(key, yes, "https://platform.openai.com/api-keys"), **given)
        return
    if engine != "siliconflow":
        raise UsageError(f"there is nothing to set up for {engine!r}; there are siliconflow and openai")
    _set_up_siliconflow(key, yes, **given)


def _key(given: str | None, yes: bool, page: str) -> Secret:
    """The key as given or typed. Raises StopRun for what cannot be one, UsageError where none is given."""
    from audiobook.engines.credentials import checked
    from audiobook.errors import UsageError

    if given == "-":
        return checked(sys.stdin.readline())
    if given is not None:
        return checked(given)
    if yes:
        raise UsageError("give the key with --key - on standard input")
    note(f"1. Open {page} and sign in.\n2. Create an API key there and copy it.")
    return checked(click.prompt("3. Paste it here (it is not shown)", hide_input=True, err=True))


def _set_up_siliconflow(
    key: str | None,
    yes: bool,
    cloud: str | None,
    base_url: str | None,
    model: str | None,
    voice: str | None,
    no_keyring: bool,
) -> None:
    from audiobook.engines.credentials import find_key, store_key
    from audiobook.pipeline.preferences import change_engine, change_settings

    if not cloud and not yes and not base_url:
        cloud = click.prompt(
            "Which cloud: cn (China) or com (international)",
            type=click.Choice(["cn", "com"]),
            default="cn",
            err=True,
        )
    known = find_key("siliconflow") if key is None else None
    if known and not yes and not click.confirm("There is a key already. Use it?", default=True, err=True):
        known = None
    secret = known or _key(key, yes, PAGES[cloud or "cn"])
    engine, cloud, found = _connect(secret, cloud, base_url)
    try:
        note(f"The key is good. {_balance(engine)}")
        model = model or _choose_model(found, yes)
        voice = voice or _choose_voice(engine, yes)
        note(_words(engine))
    finally:
        engine.close()
    where = "its place" if known else store_key("siliconflow", secret, keyring=not no_keyring)
    narrator = voice.removeprefix("siliconflow:")
    values = {"cloud": cloud, "base_url": base_url, "model": model, "narrator": narrator}
    change_engine("siliconflow", values)
    path = change_settings({"voice": f"siliconflow:{narrator}"})
    click.echo(f"The key is kept in {where}, everything else in {path}.")
    click.echo("Try it: audiobook say “Hello there.” — or: audiobook make book.epub --engine siliconflow")


def _connect(
    secret: Secret, cloud: str | None, base_url: str | None
) -> tuple[SiliconFlow, str, tuple[str, ...]]:
    """An engine for which the key is good, its cloud, and the models that it may use.

    A key of the other cloud is noticed. Raises StopRun, TryAgain.
    """
    from audiobook.engines.siliconflow import SiliconFlow
    from audiobook.engines.siliconflow_cloning import models
    from audiobook.errors import StopRun

    wanted = cloud or "cn"
    others = [] if base_url else [other for other in ("cn", "com") if other != wanted]
    problem: StopRun | None = None
    for tried in (wanted, *others):
        engine = SiliconFlow({"cloud": tried, **({"base_url": base_url} if base_url else {})})
        engine.wire.use_key(secret)
        try:
            found = models(engine)
        except StopRun as error:
            engine.close()
            problem = problem or error
            continue
        except BaseException:
            engine.close()
            raise
        if tried != wanted:
            note(f"This is a key of siliconflow.{tried}, which is used from now on.")
        return engine, tried, found
    assert problem is not None
    raise problem


def _balance(engine: SiliconFlow) -> str:
    from audiobook.engines.siliconflow_cloning import balance
    from audiobook.errors import EngineError

    try:
        money = balance(engine)
    except EngineError:
        money = None
    return f"Balance: {money:.2f} {engine.price.currency}." if money is not None else ""


def _choose_model(found: tuple[str, ...], yes: bool) -> str:
    from audiobook.engines.siliconflow import MODEL

    speech = [name for name in found if any(word in name.lower() for word in SPEECH)]
    if yes or len(speech) < 2:
        return MODEL
    note("Models for speech:\n" + "\n".join(f"  {name}" for name in speech))
    chosen: str = click.prompt(
        "Model", default=MODEL, type=click.Choice(speech), show_choices=False, err=True
    )
    return chosen


def _choose_voice(engine: SiliconFlow, yes: bool) -> str:
    """The narrator's voice: by ear, where a player is installed."""
    from audiobook.engines.siliconflow_voices import PRESETS

    names = [name for name, _, _ in PRESETS]
    if yes:
        return names[0]
    note("Voices:")
    for name, gender, character in PRESETS:
        note(f"  {name:10} {'woman' if gender == 'F' else 'man'}, {character}")
    while True:
        answer: str = click.prompt(
            "A voice to hear, or enter to go on", default="", show_default=False, err=True
        )
        if not answer.strip():
            break
        if answer.strip() in names:
            _play(engine, answer.strip())
    chosen: str = click.prompt("The narrator's voice", default=names[0], type=click.Choice(names), err=True)
    return chosen


def _play(engine: SiliconFlow, voice: str) -> None:
    from audiobook.engines.base import Utterance
    from audiobook.errors import AudiobookError
    from audiobook.pipeline.sounding import player
    from audiobook.pipeline.speaking import Speaker

    try:
        with player() as outlet:
            Speaker(engine, outlet, note).say([Utterance(SAMPLE, voice, language="en")])
    except AudiobookError as error:
        note(f"audiobook: {error.message}")


def _words(engine: SiliconFlow) -> str:
    price = engine.price
    million = f"{price.per_million:g} {price.currency} a million, as far as known here"
    return WORDS.format(price=million, novel=f"{price.per_million / 2:.2f} {price.currency}")


def _set_up_openai(
    secret: Secret,
    cloud: str | None,
    base_url: str | None,
    model: str | None,
    voice: str | None,
    no_keyring: bool,
) -> None:
    """Check and keep a key for OpenAI or for a server that imitates it."""
    from audiobook.engines import complaints
    from audiobook.engines.credentials import store_key
    from audiobook.engines.openai import OpenAI
    from audiobook.errors import StopRun
    from audiobook.pipeline.preferences import change_engine, change_settings

    engine = OpenAI({"base_url": base_url} if base_url else {})
    engine.wire.use_key(secret)
    try:
        answer = engine.wire.ask("GET", "/models")
        if answer.status in (401, 403):
            refused = complaints.read_complaint(answer)
            raise complaints.judge(refused, engine="openai", host=engine.wire.host, mask=engine.wire.masked)
        if answer.status != 200 and not base_url:
            raise StopRun(f"{engine.wire.host} answered {answer.status} when asked for its models")
        name = f"openai@{engine.wire.host}" if base_url else "openai"
    finally:
        engine.close()
    where = store_key(name, secret, keyring=not no_keyring)
    path = change_engine("openai", {"base_url": base_url, "model": model})
    if voice:
        change_settings({"voice": f"openai:{voice.removeprefix('openai:')}"})
    click.echo(f"The key is kept in {where}, everything else in {path}.")
