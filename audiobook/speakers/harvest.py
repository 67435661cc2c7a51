"""Finds people's names in a text: capitalized words that behave like people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from audiobook.speakers.nouns import ABBREVIATED, SOFT_TITLES, TITLES
from audiobook.speakers.people import Name, known_first_name
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.verbs import STRONG, is_speech_verb
from audiobook.speakers.wordlist import words

NOT_NAMES = words(
    """I The A An And But Or If So As At In On Of To For From With By He She It They We You His Her Its
    Their Our My Your This That These Those There Here What When Where Who Why How Which Whose Whom Then
    Now Not No Nor Yes Oh Ah Well All Any Some One Two Three Four Five Six Seven Eight Nine Ten Is Was
    Were Are Be Been Do Did Does Have Has Had Will Would Shall Should Can Could May Might Must Let Come
    Go Good God Heaven Heavens Lord Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
    February March April June July August September October November December Christmas Easter
    Michaelmas English French German Italian American Indian Russian Spanish Greek Latin Irish Scotch
    British Turkish Roman Jewish Catholic Protestant Chapter CHAPTER Volume VOLUME Book BOOK Part PART
    Mr Mrs Miss Dr Sir Madam Ma Ma'am Such Only Just Never Nothing Perhaps Indeed Dear My Still Yet Even
    Every Each Both After Before While Once Upon Englishman Frenchman Englishwoman Christian Street Road
    Square Hall Park House London Paris England Europe India America France Italy Germany Russia
    Scotland Ireland Bible Church Gutenberg Project Don't Didn Thank Look See Tell Don Isn Aren Won
    Wouldn Couldn Ain Hullo Hello Hallo Why Please Very Poor Old Young Ha Hush Because Though Although
    Until Unless Without Within Having Being Another Many Most More Much Other O Eh Aye Ay Nay Bah Pooh
    Pshaw Hurrah Bravo Amen Alas Farewell Welcome Goodbye Good-bye Sit Stop Wait Listen Hold Give Take
    Get Make Say Said Think Know Like Love Want Keep Put Run Stand Stay Leave Help Hear Ask Call Bring
    Show Try Turn Nobody Somebody Everybody Something Anything Everything Anyone Everyone Someone Also
    Besides However Therefore Moreover Meanwhile Suddenly Presently Again Too Quite Rather Really Surely
    Certainly Exactly True Right Wrong First Second Third Last Next Sometimes Always Often Soon Later
    Between Among Against Under Over Above Below Behind Beyond Near Since During Through Across Along
    Around About Up Down Out Off Away Back Great Little Big Long New East West North South Majesty
    Highness Excellency Honour Ladyship Lordship Grace Government Parliament Nature Providence Fate
    Death Life Time Truth Art Science History Station College University School Hotel Inn Cottage Abbey
    Castle Bay River Mount Mountain Lake Island Isle Avenue Lane Place Court Terrace Gardens Garden
    Bridge Gate Theatre Museum Club Anglo-Indian Anglo-Indians Moslem Moslems Hindu Hindus Mohammedan
    Brahman Englishmen Jew Jews Frenchmen Germans Italians Russians Indians Americans Negro Chinese
    Japanese Dutch Swiss Polish Pole Poles Austrian Hungarian Yours Sirs Messrs Esq Jr Sr Co Ltd St
    Saint Hark Behold Lo Alright Okay OK Yeah Nope Thanks Ho Hm Hum Humph Tut Ugh"""
)
_PARTICLES = words("""de du van von la della d' der le di da""")
_AFTER_PEOPLE = words(
    """was had looked would could did felt came took sat stood rose turned who gave knew made and is smiled
    laughed nodded thought went saw seemed began shook put held got ran leaned paused stopped heard
    found wished wanted told"""
)
_NEW_NAME = words("Mr Mrs Miss Ms Dr")
_PLACE_WORDS = words("""in at from near through towards into the of to""")


@dataclass(slots=True)
class Evidence:
    """How often each name was seen, and what speaks for a person or a place."""

    counts: Counter[str] = field(default_factory=Counter)
    inner: Counter[str] = field(default_factory=Counter)  # not at the start of a sentence
    narrated: Counter[str] = field(default_factory=Counter)  # outside quotations
    person: Counter[str] = field(default_factory=Counter)  # tenths
    place: Counter[str] = field(default_factory=Counter)  # tenths
    after_article: Counter[str] = field(default_factory=Counter)


def sentence_start(tokens: Tokens, index: int) -> bool:
    """Whether a token begins a sentence, as far as marks tell."""
    back = index - 1
    while back >= 0 and tokens.word[back] in ("_", "'", "‘"):
        back -= 1
    if back < 0:
        return True
    word = tokens.word[back]
    if word == ".":
        return not (back and tokens.word[back - 1] in TITLES)
    if tokens.text.count("\n", tokens.end[back], tokens.start[index]) > 1:
        return True
    return word in '!?:"“”«»„()*—–-;…[]。'


def _capitalized(word: str) -> bool:
    return word[:1].isupper() and (len(word) > 1 or word not in "IAO")


def name_at(tokens: Tokens, index: int, limit: int) -> tuple[int, list[str]]:
    """The run of name words from a token on: the index behind it, and the words without full stops."""
    words: list[str] = []
    position = index
    while position < limit:
        word = tokens.base[position]
        if word == "." and words and (words[-1] in ABBREVIATED or len(words[-1]) == 1):
            position += 1
            continue
        if word in _PARTICLES and words and position + 1 < limit and _capitalized(tokens.word[position + 1]):
            words.append(word)
            position += 1
            continue
        if not _capitalized(word) or (
            words and tokens.word[position - 1] != words[-1] and tokens.word[position - 1] != "."
        ):
            break
        if words and word in _NEW_NAME and words[-1] not in TITLES:  # “Miss Hale Miss Finch”
            break
        if words and "\n\n" in tokens.text[tokens.end[position - 1] : tokens.start[position]]:
            break
        words.append(word)
        position += 1
    return position, words


def _trim(tokens: Tokens, index: int, words: list[str]) -> tuple[int, list[str]]:
    """Without ordinary words that are capitalized for another reason than being a name."""
    while words and words[0] in NOT_NAMES and not (words[0] in TITLES and len(words) > 1):
        words, index = words[1:], index + 1
    while words and (words[-1] in NOT_NAMES or words[-1] in TITLES):
        words = words[:-1]
    while len(words) > 1 and words[0] in SOFT_TITLES and words[0] not in ("St", "Saint"):
        words, index = words[1:], index + 1
    if len(words) > 1 and words[0] not in TITLES and sentence_start(tokens, index):
        low = words[0].lower()
        if tokens.frequency[low] > 2 and not known_first_name(low):
            words, index = words[1:], index + 1
    return index, words


def gather(tokens: Tokens) -> Evidence:
    """Walk the text once."""
    seen = Evidence()
    index, size = 0, len(tokens)
    while index < size:
        if not _capitalized(tokens.word[index]):
            index += 1
            continue
        behind, words = name_at(tokens, index, min(size, index + 9))
        behind = max(behind, index + 1)
        first, words = _trim(tokens, index, words)
        name = " ".join(words)
        if len(name) > 1 and not (name.isupper() and len(name) > 3):
            _weigh(tokens, seen, first, behind, name, words)
        index = behind
    return seen


def _weigh(tokens: Tokens, seen: Evidence, first: int, behind: int, name: str, words: list[str]) -> None:
    before = tokens.lower[first - 1] if first else ""
    after = tokens.lower[behind] if behind < len(tokens) else ""
    starts = sentence_start(tokens, first)
    seen.counts[name] += 1
    seen.inner[name] += not starts
    quoted = bool(tokens.quoted[first])
    seen.narrated[name] += not quoted
    points = 20 if any(word in TITLES for word in words[:-1]) else 0
    if after in STRONG or before in STRONG:
        points += 30
    elif (
        is_speech_verb(after) or after in _AFTER_PEOPLE or (after.endswith("ed") and tokens.frequency[after])
    ):
        points += 10
    if tokens.word[behind - 1] != tokens.base[behind - 1]:
        points += 5
    if quoted and after in (",", ".", "!", "?", ";") and before in (",", "dear", '"', "“", "oh", "‘"):
        points += 10
    seen.person[name] += points
    if before in _PLACE_WORDS:
        seen.place[name] += 3 if before == "of" else 10
    if before == "the":
        seen.after_article[name] += 1


def is_person(tokens: Tokens, seen: Evidence, name: str) -> bool:
    """Whether the evidence is enough."""
    words = name.split()
    count = seen.counts[name]
    titled = words[0] in TITLES and len(words) > 1
    if words[-1] in NOT_NAMES or any(word.isupper() and len(word) > 1 for word in words):
        return False
    if len(words) == 1 and tokens.frequency[name.lower()] > 2 * count:
        return False
    if len(words) > 3 and not titled:
        return False
    known = known_first_name(words[0])
    if seen.inner[name] < max(1, 0.12 * count) and not titled and not known:
        return False
    if len(words) == 1 and not seen.narrated[name] and seen.inner[name] < 3:
        return False
    points = seen.person[name] + (10 * count if known and len(words) <= 2 else 0)
    if points < 10 or points / count < 1.8:
        return False
    if seen.place[name] / count > 3.5 and points / count < 10:
        return False
    if seen.after_article[name] > 0.5 * count and len(words) == 1:
        return False
    return not (len(words) == 1 and count < 2 and points < 30 and not known)


def people_names(tokens: Tokens) -> tuple[Counter[str], Counter[str]]:
    """Counts of all names of people, anywhere and in the narration."""
    seen = gather(tokens)
    kept = Counter({name: count for name, count in seen.counts.items() if is_person(tokens, seen, name)})
    kept = Counter({name: count for name, count in kept.items() if not _accident(name, kept)})
    family = {Name.of(name).family for name in kept}
    for name, count in seen.counts.items():
        # Somebody's relations: “Mrs. Long” once said is a person if there is anything of that name
        if (
            name not in kept
            and name.split()[0] in TITLES
            and len(name.split()) > 1
            and Name.of(name).family in family
        ):
            kept[name] = count
    return kept, seen.narrated


def _accident(name: str, kept: Counter[str]) -> bool:
    """Names that stand side by side once, and plurals of a family name."""
    words, count = name.split(), kept[name]
    if words[0] in TITLES and words[-1].endswith("s") and name[:-1] in kept and kept[name[:-1]] >= count:
        return True
    if len(words) < 2 or count > 2:
        return False
    front, back = " ".join(words[:-1]), " ".join(words[1:])
    longer_title = len(words) > 2 and words[0] in TITLES
    if longer_title and kept[front] >= 5 * count and words[-1] not in kept and kept[back] == 0:
        return True
    alone = words[0] not in TITLES and len(words) == 2
    return alone and kept[words[0]] >= 10 and kept[words[1]] >= 10 and known_first_name(words[1])
