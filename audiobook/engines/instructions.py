"""Styles for CosyVoice: a person's words become a short instruction; an author's words never do.

CosyVoice2 takes `instruction<|endofprompt|>text`. Long or flowery instructions are spoken aloud instead of
obeyed, so words that are known ("whispering", "sad, slowly", "Cantonese", "悲伤") become one short wording of
the kind the model was trained on; words that are not known are sent as the person wrote them.
What looks like a command in the text itself is the author's, and is made harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

VERSION = "1"
"""Changes with every change of a wording: part of the engine's identity."""

LONGEST = 120
"""Characters of a free instruction; longer ones would be read out."""

END = "<|endofprompt|>"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Beginnings of words, in the order they are tried. The wording completes 请用…说 ("please say it with …").
_DIALECTS = {
    "cantonese 粤语 广东话": "粤语",
    "sichuan szechuan 四川": "四川话",
    "shanghai 上海": "上海话",
    "tianjin 天津": "天津话",
    "wuhan 武汉": "武汉话",
    "zhengzhou henan 郑州 河南": "郑州话",
    "changsha 长沙": "长沙话",
}
_FEELINGS = {
    "happ joy cheer merr glad delight bright 开心 高兴 快乐 愉快": "开心的语气",
    "sad sorrow grie mourn melanchol tearful sob weep cry wail 悲伤 伤心 难过 哭": "悲伤的语气",
    "angr anger furious fury rage indignan irritat snarl growl 生气 愤怒": "生气的语气",
    "surpris astonish amaz startl 惊讶 吃惊": "惊讶的语气",
    "afraid fear fright scare terrif terror horrif panic 恐惧 害怕": "恐惧的语气",
    "disgust contempt scorn disdain 厌恶 轻蔑": "厌恶的语气",
    "gentl tender warm soft kind lovin affection sooth 温柔 温暖": "温柔的语气",
    "calm quietl composed relax serene peaceful 平静 冷静": "平静的语气",
    "serious solemn grave stern earnest formal 严肃": "严肃的语气",
    "excit eager thrill enthusias breathless 激动 兴奋": "激动的语气",
    "nervous anxious worr hesita stammer stutter tremb 紧张": "紧张的语气",
    "cold indifferen distant flat 冷漠 冷淡": "冷漠的语气",
    "sarcas ironic mock sneer wry 讽刺": "讽刺的语气",
    "tired weary exhaust sleep drows 疲惫": "疲惫的语气",
    "shy bashful timid embarrass 害羞": "害羞的语气",
    "proud haught arrogan boast 骄傲": "骄傲的语气",
    "despair desperat hopeless 绝望": "绝望的语气",
    "curious wonder puzzl 好奇": "好奇的语气",
    "myster eerie 神秘": "神秘的语气",
    "playful teas mischiev 调皮 俏皮": "俏皮的语气",
    "beg plead implor 恳求": "恳求的语气",
    "firm determin resolut command 坚定": "坚定的语气",
}
_PACES = {
    "slow draw 缓慢 慢": "缓慢的语速",
    "fast quick rapid hurr hast 快速 快": "快速的语速",
}
_LOUDNESS = {
    "whisper murmur mutter hush 耳语 小声 低声 轻声": "很轻的声音",
    "shout yell scream loud call exclaim bellow roar 大声 喊": "很大的声音",
    "low deep 低沉": "低沉的声音",
}
_ROLES = {
    "robot machine 机器人": "机器人的口吻",
    "peppa 佩奇": "小猪佩奇的口吻",
    "child kid boy girl 小孩 孩子": "小孩子的口吻",
    "old elder grand 老人": "老人的口吻",
    "storytell narrat 讲故事": "讲故事的口吻",
    "newsread announc 新闻": "新闻播音的口吻",
}
_MARKS = {
    "laugh chuckl giggl 笑": "[laughter]",
    "breath inhal exhal 喘": "[breath]",
    "gasp pant": "[quick_breath]",
    "sigh 叹": "[sigh]",
    "cough 咳": "[cough]",
    "emphat emphas stress": "<strong>",
}
_FILLERS = _words(
    "a an and the very quite rather slightly little bit more most extremely in with of tone voice "
    "manner mood way accent dialect speech speaking spoken speak say said saying herself himself "
    "themselves to her him them style sound sounding somewhat"
)
_CHINESE_FILLERS = re.compile(
    "[请用的地得着很非常有点一些说话这句语气语速声音口吻情感情绪方式，、。；！\\s]+"
)

SPECIALS = _words(
    "[breath] [noise] [laughter] [cough] [clucking] [accent] [quick_breath] [hissing] [sigh] "
    "[vocalized-noise] [lipsmack] [mn] <strong> </strong> <laughter> </laughter>"
)
"""The marks that CosyVoice2's tokenizer knows, beside everything of the form <|…|>."""

_COMMANDS = re.compile(r"<\|([^|<>]*)\|>|" + "|".join(re.escape(mark) for mark in SPECIALS), re.IGNORECASE)
_STRAY = re.compile(r"<\||\|>")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CJK = "\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af\uf900-\ufaff"
_WIDE_GAP = re.compile(rf"(?<=[{_CJK}，。！？；：、…])[ \u3000]+(?=[{_CJK}“‘「『（《])")


def _stems(table: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((stem, wording) for stems, wording in table.items() for stem in stems.split())


_GROUPS = tuple(_stems(table) for table in (_DIALECTS, _FEELINGS, _PACES, _LOUDNESS, _ROLES, _MARKS))


@dataclass(frozen=True, slots=True)
class Instruction:
    """What stands before and after the text."""

    prompt: str = ""  # without the end mark
    before: str = ""
    after: str = ""

    def around(self, text: str) -> str:
        """The whole input."""
        return f"{self.prompt}{END if self.prompt else ''}{self.before}{text}{self.after}"


def harmless(text: str) -> str:
    """The author's text with nothing in it that the model would take for a command: `[laughter]` is read
    as the word, `<|endofprompt|>` loses its signs."""
    return _STRAY.sub(" ", _COMMANDS.sub(lambda found: found[1] or found[0].strip("[]<>/|"), text))


def tidy(text: str) -> str:
    """Spaces between Chinese or Japanese characters taken out: they disturb the model."""
    return _WIDE_GAP.sub("", text)


def instruction(style: str, language: str = "") -> Instruction:
    """The instruction for a style (and for a language that is a dialect of Chinese).

    An empty style gives none. A style with a word that is not known goes out as it was written.
    """
    style = _with_dialect(style.strip(), language)
    marks = [mark for mark in SPECIALS if mark in style and not mark.startswith("</")]
    words = style
    for mark in SPECIALS:
        words = words.replace(mark, " ")
    wordings = _known(words)
    if wordings is None:
        return _with_marks(_STRAY.sub(" ", words).strip(" ,;，；"), marks)
    marks += [wording for wording in wordings if wording[0] in "[<"]
    return _with_marks(_wording([wording for wording in wordings if wording[0] not in "[<"]), marks)


def _with_dialect(style: str, language: str) -> str:
    base = language.lower().replace("_", "-")
    dialect = {"yue": "粤语", "zh-yue": "粤语", "zh-hk": "粤语", "wuu": "上海话"}.get(base, "")
    return f"{style} {dialect}".strip() if dialect and _lookup(_GROUPS[0], style) is None else style


def _known(style: str) -> list[str] | None:
    """The wordings of all words, at most one of each group, in the order of the groups; None when a word is
    not known."""
    if re.search(f"[{_CJK}]", style):
        found = [_lookup(group, style) for group in _GROUPS]
        rest = style
        for group in _GROUPS:
            for stem, _ in group:
                rest = rest.replace(stem, "")
        return None if _CHINESE_FILLERS.sub("", rest.replace("话", "")) else [word for word in found if word]
    words = [word for word in _WORD.findall(style.lower()) if word not in _FILLERS]
    if not all(any(word.startswith(stem) for group in _GROUPS for stem, _ in group) for word in words):
        return None
    firsts = (next((w for word in words for s, w in group if word.startswith(s)), None) for group in _GROUPS)
    return [wording for wording in firsts if wording]


def _lookup(group: Iterable[tuple[str, str]], style: str) -> str | None:
    return next((wording for stem, wording in group if stem in style.lower()), None)


def _wording(wordings: list[str]) -> str:
    """One short request; three properties at most, because more of them are read out."""
    if not wordings:
        return ""
    if len(wordings) == 1 and wordings[0].endswith(("话", "粤语")):
        return f"用{wordings[0]}说这句话"
    return f"请用{'、'.join(wordings[:3])}说"


def _with_marks(prompt: str, marks: list[str]) -> Instruction:
    pairs = [mark for mark in dict.fromkeys(marks) if mark.startswith("<")]
    single = [mark for mark in dict.fromkeys(marks) if mark.startswith("[")]
    closing = "".join(mark.replace("<", "</") for mark in reversed(pairs))
    return Instruction(prompt, "".join((*single, *pairs)), closing)
