"""Other languages than English: what their narrators say beside a speech is read too."""

from __future__ import annotations

import pytest

from audiobook.speakers import Person, attribute


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "„Das Boot kommt spät“, sagte Anna.\n\n„Wie immer“, antwortete Jonas."),
        ("fr", "« Le bateau est en retard », dit Anna.\n\n« Comme toujours », répondit Jonas."),
        ("es", "—El barco llega tarde —dijo Anna.\n\n—Como siempre —respondió Jonas."),
        ("it", "«La barca è in ritardo», disse Anna.\n\n«Come sempre», rispose Jonas."),
        ("ru", "«Лодка опаздывает», сказала Anna.\n\n«Как всегда», ответил Jonas."),
    ],
)
def test_tags_of_european_languages_name_the_speaker(language: str, text: str) -> None:
    roster = (Person("Anna", (), "F"), Person("Jonas", (), "M"))
    found = attribute(text, roster=roster, language=language)
    assert [quote.speaker for quote in found.quotes] == ["Anna", "Jonas"]


CHINESE = """李明说：“船来晚了。”

“总是这样，”王芳答道，“坐下吧。”

“我宁愿站着。”

王芳笑道：“随你。”

李明又问：“它在那里吗？”
"""


def test_chinese_tags_before_and_after_the_speech_name_the_speaker() -> None:
    found = attribute(CHINESE, language="zh")
    assert [quote.speaker for quote in found.quotes] == [
        "李明",
        "王芳",
        "王芳",
        found.quotes[3].speaker,
        "王芳",
        "李明",
    ]
    assert {person.name for person in found.people} == {"李明", "王芳"}


def test_a_chinese_cast_list_is_used() -> None:
    roster = (Person("李明", ("小李",), "M"), Person("王芳", (), "F"))
    found = attribute("小李说：“船来晚了。”\n\n王芳问：“真的吗？”", roster=roster, language="zh-CN")
    assert [quote.speaker for quote in found.quotes] == ["李明", "王芳"]


def test_japanese_brackets_are_found_even_where_nobody_is_known() -> None:
    found = attribute("「船が遅い」と言った。\n\n「いつもだ」", language="ja")
    assert [quote.speaker for quote in found.quotes] == [None, None]
