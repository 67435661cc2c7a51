"""The vocabulary of styles: wordings that CosyVoice follows, and beginnings of the words that ask for them.

The wordings complete 请用…说 ("please say it with …"). Within a table the first that fits is taken. The words
are English and Chinese; every style that the speakers' part finds in narration is among them.
"""

from __future__ import annotations

Table = dict[str, str]

PHRASES = (("out of breath", "[breath]"), ("crying out", "exclaiming"), ("cry out", "exclaiming"))
"""Phrases that mean something else than their words."""

DIALECTS: Table = {
    "粤语": "cantonese 粤语 广东话",
    "四川话": "sichuan szechuan 四川",
    "上海话": "shanghai 上海",
    "天津话": "tianjin 天津",
    "武汉话": "wuhan 武汉",
    "郑州话": "zhengzhou henan 郑州 河南",
    "长沙话": "changsha 长沙",
}
"""Regional speech of Chinese."""

FEELINGS: Table = {
    "开心的语气": ("happ joy cheer merr gai gaily glad delight bright smil grin triumph 开心 高兴 快乐 愉快"),
    "悲伤的语气": (
        "sad sorrow grie mourn melanchol tearful sob weep cry wail bitter gloom moan "
        "whimper 悲伤 伤心 难过 哭"
    ),
    "生气的语气": (
        "angr anger furious fury rage indignan irritat snarl growl hiss fierce hot "
        "vehement cross sulk grumbl impatien harsh rough gruff wild 生气 愤怒"
    ),
    "惊讶的语气": "surpris astonish amaz startl 惊讶 吃惊",
    "恐惧的语气": "afraid fear fright scare terrif terror horrif panic 恐惧 害怕",
    "厌恶的语气": "disgust contempt scorn disdain 厌恶 轻蔑",
    "温柔的语气": "gentl tender warm soft kind lovin affection sooth sweet polite 温柔 温暖",
    "平静的语气": "calm quiet composed relax serene peaceful thoughtful faint 平静 冷静",
    "严肃的语气": "serious solemn grave stern earnest formal sever stiff frown 严肃",
    "激动的语气": "excit eager thrill enthusias breathless passion 激动 兴奋",
    "紧张的语气": "nervous anxious worr hesita stammer stutter tremb falter doubt 紧张",
    "冷漠的语气": "cold indifferen distant flat dry dri curt sharp 冷漠 冷淡",
    "讽刺的语气": "sarcas ironic mock sneer wry 讽刺",
    "疲惫的语气": "tire weary weari exhaust sleep drows yawn dream groan hoarse croak 疲惫",
    "害羞的语气": "shy bashful timid embarrass humbl meek 害羞",
    "骄傲的语气": "proud haught arrogan boast 骄傲",
    "绝望的语气": "despair desperat hopeless 绝望",
    "好奇的语气": "curious wonder puzzl 好奇",
    "神秘的语气": "myster eerie 神秘",
    "俏皮的语气": "playful teas mischiev 调皮 俏皮",
    "恳求的语气": "beg plead implor whin 恳求",
    "坚定的语气": "firm determin resolut command stout stubborn 坚定",
}
"""What is felt."""

PACES: Table = {
    "缓慢的语速": "slow draw 缓慢 慢",
    "快速的语速": "fast quick rapid hurr hast 快速 快",
}
"""How fast."""

LOUDNESS: Table = {
    "很轻的声音": "whisper murmur mutter mumbl hush 耳语 小声 低声 轻声",
    "很大的声音": "shout yell scream loud call exclaim bellow roar 大声 喊",
    "低沉的声音": "low deep 低沉",
}
"""How loud, how low."""

ROLES: Table = {
    "机器人的口吻": "robot machine 机器人",
    "小猪佩奇的口吻": "peppa 佩奇",
    "小孩子的口吻": "child kid boy girl 小孩 孩子",
    "老人的口吻": "old elder grand 老人",
    "讲故事的口吻": "storytell narrat 讲故事",
    "唱歌的方式": "sing sang song 唱",
    "新闻播音的口吻": "newsread announc 新闻",
}
"""Whose manner."""

MARKS: Table = {
    "[laughter]": "laugh chuckl giggl 笑",
    "[breath]": "breath inhal exhal 喘",
    "[quick_breath]": "gasp pant",
    "[sigh]": "sigh 叹",
    "[cough]": "cough 咳",
    "<strong>": "emphat emphas stress",
}
"""Sounds, and stress, which stand in the text as marks."""

LANGUAGES: Table = {"yue": "粤语", "zh-yue": "粤语", "zh-hk": "粤语", "wuu": "上海话"}
"""Dialects that have a language tag of their own."""

GROUPS = (DIALECTS, FEELINGS, PACES, LOUDNESS, ROLES, MARKS)

FILLERS = frozenset(
    word
    for line in (
        "a an and the very quite rather slightly little bit more most extremely in with of tone voice ",
        "manner mood way accent dialect speech speaking spoken speak say said saying herself himself ",
        "themselves to her him them style sound sounding somewhat",
    )
    for word in line.split()
)
"""English words that ask for nothing."""

CHINESE_FILLERS = "请用的地得着很非常有点一些说话这句语气语速声音口吻情感情绪方式，、。；！"
"""Characters that ask for nothing."""
