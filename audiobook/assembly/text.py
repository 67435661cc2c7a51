"""Texts as containers and file systems can take them."""

from __future__ import annotations

import re
import unicodedata

_RESERVED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_CODES = (
    "af=afr am=amh ar=ara az=aze be=bel bg=bul bn=ben bs=bos ca=cat cs=ces cy=cym da=dan de=deu el=ell "
    "en=eng eo=epo es=spa et=est eu=eus fa=fas fi=fin fr=fra ga=gle gl=glg gu=guj he=heb hi=hin hr=hrv "
    "hu=hun hy=hye id=ind is=isl it=ita ja=jpn ka=kat kk=kaz km=khm kn=kan ko=kor la=lat lt=lit lv=lav "
    "mk=mkd ml=mal mn=mon mr=mar ms=msa my=mya nb=nob ne=nep nl=nld nn=nno no=nor pa=pan pl=pol pt=por "
    "ro=ron ru=rus si=sin sk=slk sl=slv sq=sqi sr=srp sv=swe sw=swa ta=tam te=tel th=tha tr=tur uk=ukr "
    "ur=urd uz=uzb vi=vie zh=zho"
)
_LANGUAGES = {pair[:2]: pair[3:] for pair in _CODES.split()}


def iso639(language: str) -> str:
    """ISO 639-2/T of a BCP 47 tag; "und" where there is none."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    if primary in _LANGUAGES:
        return _LANGUAGES[primary]
    return primary if len(primary) == 3 and primary.isascii() and primary.isalpha() else "und"


def one_line(text: str, limit: int = 250) -> str:
    """Text on one line without control characters, at most `limit` bytes of UTF-8."""
    kept = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text)
    return shorten(" ".join(kept.encode("utf-8", "replace").decode().split()), limit)


def paragraphs(text: str, limit: int = 8000) -> str:
    """Text with its line breaks, without other control characters, at most `limit` bytes of UTF-8."""
    lines = [one_line(line, limit) for line in text.splitlines()]
    return shorten("\n".join(lines).strip(), limit)


def shorten(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, with an ellipsis where something was cut off."""
    data = text.encode("utf-8")
    if len(data) <= limit:
        return text
    return data[: limit - 3].decode("utf-8", "ignore").rstrip() + "…"


def file_name(text: str, limit: int = 120, default: str = "audiobook") -> str:
    """A name that every file system takes, without ending."""
    plain = unicodedata.normalize("NFC", _RESERVED.sub(" ", one_line(text, 4000)))
    name = " ".join(plain.split()).strip(" .")
    if len(name.encode()) > limit:
        name = name.encode()[:limit].decode("utf-8", "ignore").strip(" .")
    if _WINDOWS.fullmatch(name):
        name = f"_{name}"
    return name or default
