"""Front and back matter: telling a copyright page from a foreword by title, file name and content."""

from __future__ import annotations

import posixpath
import re

from audiobook.book import ChapterKind
from audiobook.parsing.titles import letters

_K = ChapterKind
_BY_TITLE: dict[ChapterKind, str] = {
    _K.CONTENTS: r"""
        (?:table of )?contents / toc / inhalt(?:sverzeichnis)? / table des mati[eè]res / sommaire
        [ií]ndice(?: general)? / contenido / inhoud(?:sopgave)? / indice / sommario / 目录 / 目錄 / 目次
        оглавление / содержание / spis treści / navigation / sumário
    """,
    _K.COPYRIGHT: r"""
        copyright(?: (?:page|notice|information|©.*))? / imprint / impressum / legal(?: notice)?
        版权(?:页|信息)? / 奥付 / mentions légales / derechos(?: de autor)? / uncopyright
        about this e-?book / edition notice
    """,
    _K.COVER: r"""
        (?:front |back )?cover(?: page)? / couverture / umschlag / cubierta / portada / 封面 / 表紙
        omslag
    """,
    _K.TITLEPAGE: r"""
        (?:half[- ]?)?title[- ]?page / titel(?:seite)? / page de titre / titre / half[- ]?title
        书名页 / 扉页 / 扉
    """,
    _K.COLOPHON: r"colophon",
    _K.LICENSE: r"""
        (?:the )?(?:full )?project gutenberg(?:™|\(tm\))?(?:['’]s)? licen[cs]e.*
        the full project gutenberg.* / (?:original )?transcriber['’]?s['’]? notes?.*
    """,
    _K.INDEX: r"(?:general |subject )?index(?: of .*)? / sachregister / personenregister",
    _K.ILLUSTRATIONS: r"""
        (?:list of )?(?:illustrations|figures|plates|tables|maps|images) / table des illustrations
        abbildungsverzeichnis
    """,
    _K.ADVERTISEMENT: r"""
        (?:also|other (?:books|titles|works)|books|more(?: books)?|works) (?:by|from) .{2,60}
        by the same author / du même auteur / advertisements? / newsletter.*
        .*catalogue of (?:books|publications).* / praise for .*
    """,
    _K.NOTES: r"""
        (?:end|foot)?notes / anmerkungen / fußnoten / noten / notas / 注释 / 註釋 / примечания
        references and notes / notes and references
    """,
    _K.BIBLIOGRAPHY: r"""
        (?:selected |select )?bibliography / references / works cited / literatur(?:verzeichnis)?
        bibliographie / bibliografía / further reading / 参考文献
    """,
    _K.GLOSSARY: r"""
        glossary / glossar / glossaire / glosario / dramatis person(?:ae|æ) / cast of characters
    """,
    _K.ABOUT: r"""
        about the (?:authors?|translator|editor|publisher|illustrator)
        (?:author|autor)(?:['’]s)? bio(?:graphy)? / à propos de l['’]auteure?
        über (?:den autor|die autorin|das buch) / 作者简介 / 著者紹介
    """,
    _K.ACKNOWLEDGMENTS: r"""
        acknowledge?ments? / danksagung / remerciements / agradecimientos / 致谢 / 謝辞
    """,
    _K.DEDICATION: r"dedication / widmung / dédicace / dedicatoria / 献词 / 献辞",
    _K.EPIGRAPH: r"epigraph",
    _K.FOREWORD: r"foreword(?: .*)? / geleitwort / avant-propos / prólogo del editor / 序",
    _K.PREFACE: r"""
        (?:author['’]s |translator['’]s |publisher['’]s )?preface(?: (?:to|by|of) .*)? / vorwort
        préface / prefacio / voorwoord / 前言 / まえがき / translator['’]s note
    """,
    _K.INTRODUCTION: r"""
        introduction(?: (?:to|by) .*)? / einleitung / introducción / inleiding / 引言 / はじめに
        introductory.*
    """,
    _K.PROLOGUE: r"prologue(?:\b.*)? / prolog / prólogo / 序章 / 楔子",
    _K.EPILOGUE: r"epilogue(?:\b.*)? / epilog / épilogue / epílogo / 尾声 / 終章 / エピローグ",
    _K.AFTERWORD: r"afterword(?: .*)? / nachwort / postface / postscript / 后记 / 後記 / あとがき",
    _K.AUTHORS_NOTE: r"""
        (?:a )?note (?:from|by) the author / author['’]?s['’]? note / historical note
        a note on .*
    """,
    _K.APPENDIX: r"""
        appendi(?:x|ces)(?:\b.*)? / anhang(?:\b.*)? / annexe(?:\b.*)? / apéndice(?:\b.*)?
        附录(?:.*)?
    """,
}
"""What titles of such parts look like: patterns, parted by “ / ” and line ends."""


def _alternatives(text: str) -> str:
    lines = (part.strip() for line in text.strip().splitlines() for part in line.split(" / "))
    return "|".join(filter(None, lines))


_TITLE_PATTERNS = [
    (kind, re.compile(rf"\W*(?:{_alternatives(text)})\W*", re.I)) for kind, text in _BY_TITLE.items()
]
_ANY_TITLE = re.compile(rf"\W*(?:{'|'.join(map(_alternatives, _BY_TITLE.values()))})\W*", re.I)
_BY_NAME: tuple[tuple[ChapterKind, str], ...] = (
    (_K.COVER, r"(?:cover|couv|frontcover|coverpage)"),
    (_K.COPYRIGHT, r"(?:copyright|copyrights|imprint|uncopyright|copy|legal|cop)"),
    (_K.COLOPHON, r"colophon"),
    (_K.CONTENTS, r"(?:toc|contents|tableofcontents|nav|inhalt|inlinetoc)"),
    (_K.TITLEPAGE, r"(?:title[_-]?page|half-?title(?:[_-]?page)?|title|titre|frontispiece)"),
    (_K.INDEX, r"index"),
    (_K.ILLUSTRATIONS, r"(?:loi|lot)"),
    (_K.NOTES, r"(?:end-?notes?|foot-?notes?|notes)"),
    (_K.DEDICATION, r"dedication"),
    (_K.EPIGRAPH, r"epigraph"),
    (_K.ADVERTISEMENT, r"(?:ad-?card|also-?by|other-?books|ads?|advert\w*|newsletter|bookad)"),
    (_K.ABOUT, r"(?:about-?the-?author|about-?author)"),
    (_K.ACKNOWLEDGMENTS, r"acknowledge?ments?"),
)
_NAME_PATTERNS = [
    (kind, re.compile(rf"(?:\d+[_-])?{pattern}(?:[_-]?(?:page|\d{{1,3}}))?\.\w+", re.I))
    for kind, pattern in _BY_NAME
]
_COPYRIGHT_WORDS = (
    "all rights reserved", "copyright ©", "© ", "no part of this", "isbn", "library of congress",
    "first published",
    "published by", "first edition", "printed in", "without permission", "work of fiction", "any resemblance",
    "cataloging", "cataloguing", "moral right", "tous droits réservés", "alle rechte vorbehalten",
    "dépôt légal",
    "todos los derechos", "版权所有", "edition published", "ebook edition", "cover design", "copyright",
)  # fmt: skip
_LONGEST_TITLE_LINE = 150
_SOFT_COPYRIGHT = 4000
_BY_LINE = re.compile(
    r"^(?:by|von|par|por|di|door|written by|translated by|illustrated by|edited by)\b", re.I
)
_DEDICATED = re.compile(r"\b(?:dedicated|dedicate|in memory of|for my|to my|to the memory)\b", re.I)
_SENTENCE = re.compile(r"[a-z]{3,}[.!?]\s+[A-Z“\"][a-z]+\s[a-z]+\s[a-z]+")
_CREDITS = re.compile(
    r"^(?:this e-?(?:text|book) was )?(?:produced|prepared|transcribed|e-?text prepared|scanned) by\b", re.I
)


def by_title(title: str) -> ChapterKind | None:
    """The kind that a title of a table of contents names."""
    words = title.strip()
    if not words or len(words) > 90 or not _ANY_TITLE.fullmatch(words):
        return None
    return next((kind for kind, pattern in _TITLE_PATTERNS if pattern.fullmatch(words)), None)


def by_name(file: str) -> ChapterKind | None:
    """The kind that a file is called by; only names that leave no doubt."""
    name = posixpath.basename(file)
    return next((kind for kind, pattern in _NAME_PATTERNS if pattern.fullmatch(name)), None)


def is_copyright_page(text: str) -> bool:
    """Terms and printing history, told by the phrases that such pages share."""
    if len(text) > _SOFT_COPYRIGHT:
        return False
    low = text.lower()
    return sum(word in low for word in _COPYRIGHT_WORDS) >= 3


def is_title_page(lines: list[str], title: str, authors: tuple[str, ...]) -> bool:
    """Little more than the book's title and who made it."""
    text = " ".join(lines)
    whole, wanted = letters(text), letters(title)
    if max(map(len, lines), default=0) > _LONGEST_TITLE_LINE + len(title):
        return False  # a poem or a paragraph that stands under the title
    if not whole or len(text) > 400 + len(title) or _DEDICATED.search(text) or _SENTENCE.search(text):
        return False
    surnames = [letters(words[-1]) for author in authors if (words := author.split(",")[0].split())]
    named = any(name in whole for name in surnames) or any(_BY_LINE.match(line) for line in lines)
    if len(whole) > 5 and whole in wanted:
        return True
    if wanted and wanted in whole:
        return named or len(whole.replace(wanted, "", 1)) <= 20
    return named and len(whole) <= 60 and any(_BY_LINE.match(line) for line in lines)


def is_credits(text: str) -> bool:
    """“Produced by …”: who made the electronic text."""
    return len(text) < 400 and _CREDITS.match(text) is not None
