"""What each language abbreviates, and the words that open its sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Rules:
    """Tables of one language. Words are in lower case, without their last stop."""

    titles: frozenset[str]  # a name follows: never the end of a sentence
    numbered: frozenset[str]  # "No.", "vol.": not the end when a number follows
    inner: frozenset[str]  # something always follows: "e.g.", "cf."
    either: frozenset[str]  # "Co.", "Jr.": the end when a word follows that opens sentences
    ending: frozenset[str]  # "etc.", "p.m.": the end when a capital follows
    starters: frozenset[str]  # words that open sentences and are no names
    dates: frozenset[str] = frozenset()  # names of months and days, after "p.m." or a German "3."
    said: frozenset[str] = frozenset()  # verbs of speech
    spaced_guillemets: bool = False  # « text » : a space stands before the closing mark
    ordinals: bool = False  # "3." is an ordinal
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        known = self.titles | self.numbered | self.inner | self.either | self.ending
        object.__setattr__(self, "known", known)


_ENGLISH = Rules(
    titles=word_set(
        "mr mrs ms messrs mx dr drs prof rev revd hon gen col capt cpt cmdr comdr lieut lt maj sgt sergt "
        "cpl pvt gov sen rep pres supt insp fr ven hr fräul mme mlle mgr mons dom sr sra srta fra wm edw "
        "geo chas jas thos jos benj saml robt richd danl alexr alph leop patk jno fredk nath mm hist nat "
        "soc brig adm atty dn det const viscount vct bp abp card gnl genl corpl serg st ste mt ft"
    ),
    numbered=word_set(
        "no nos vol vols fig figs chap chaps ch chs p pp par para art sec sect secs eq bk pt pts pl cap "
        "lib act sc vv fol ff app cant can stat tab nr ver ser item op yrs mos ds tom lib"
    ),
    inner=word_set("e.g i.e eg ie viz cf v vs c ca circa approx incl esp vide p.s n.b p.p.s"),
    either=word_set(
        "jr sr jun bros esq co corp inc ltd bart bt ave blvd rd hwy sq dept univ assn st. ed eds edn "
        "trans i.o.u u.s u.k u.s.a u.s.s.r d.c n.y l.a b.c.e c.e a.d b.c m.d ph.d ll.d d.d b.a m.a m.p "
        "r.n q.c k.c oz lb lbs cwt in yd yds ft. doz min mins hr. hrs secs. tel est mss ms. obs inst ult "
        "prox jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat "
        "sun ala ariz ark cal calif colo conn del fla ga ill ind kan ky la mass md me mich minn miss mo "
        "mont neb nev okla ore pa penn tenn tex va vt wash wis wyo gt lat long temp al q.v op.cit loc cit"
    ),
    ending=word_set("etc &c a.m p.m am pm ibid q.e.d r.i.p m.p.h"),
    starters=word_set(
        "the a an he she it they we you i his her their its our my your this that these those there here "
        "then but and or nor so yet if when whenever while as at in on for from to with by of about after "
        "before since until till because although though unless not no yes never now once only even still "
        "perhaps maybe what who whom whose why how where which whether nothing nobody everyone everything "
        "everybody someone something each every all both some any many most few several such another one "
        "two three did do does don’t don't can could would should will shall may might must was were is "
        "are am has have had let oh ah well however meanwhile indeed thus therefore hence it’s it's he’s "
        "he's she’s she's i’m i'm i’ll i’ve i'll i've that’s that's there’s there's what’s what's you’re "
        "they’re we’re we’ll ’twas ’tis again also soon later presently suddenly finally next first last "
        "among between under over upon through during without within against into out up down how’s who’s "
        "let’s let's me him us them tell come look see give ask take put"
    ),
    dates=word_set(
        "january february march april may june july august september october november december monday "
        "tuesday wednesday thursday friday saturday sunday est edt gmt utc pst bst cet cst mst"
    ),
    said=word_set(
        "howled hissed snarled grunted groaned moaned bellowed barked wailed whined breathed croaked "
        "squealed said asked cried replied answered exclaimed shouted whispered murmured muttered "
        "continued added returned observed remarked began thought called repeated inquired enquired "
        "demanded sighed laughed screamed says say ask asks cries replies went roared yelled sobbed "
        "gasped growled snapped interrupted urged insisted declared pleaded faltered stammered echoed "
        "ejaculated responded rejoined retorted protested wondered sang"
    ),
)

_GERMAN = Rules(
    titles=word_set(
        "hr hrn fr frl dr prof st ing dipl dipl.-ing med phil jur theol gebr kgl frhr hl gen lt hptm oblt "
        "ltn maj obst sen jun insp rat geh sanitätsr"
    ),
    numbered=word_set("nr nrn bd bde s kap abb abs art aufl jg hft tab taf vers ziff z anm bl"),
    inner=word_set(
        "bzw z.b z d.h d i.d.r i v.a u.a.m vgl ca ggf evtl bspw sog geb gest verh ehem inkl exkl einschl "
        "zzgl insb u o.ä v gegr hrsg hg übers sprich cf ders dies inkl. allg bes b h a"
    ),
    either=word_set(
        "str u.a o n.chr v.chr jh jhdt jhs tel co kg gmbh mio mrd min std sek jan febr mär apr aug sept "
        "okt nov dez mo di mi do fr. sa so"
    ),
    ending=word_set("usw etc usf u.s.w u.s.f dgl u.dgl m p.a e.v"),
    starters=word_set(
        "der die das den dem des ein eine einen einem einer er sie es ich wir ihr du man sein seine ihre "
        "mein meine unser dies diese dieser dieses jener jene da dann dort hier nun jetzt und aber oder "
        "doch denn wenn als ob weil wie was wer wo warum wann nicht nein ja nichts niemand jeder alle "
        "viele so auch nur noch schon in im an am auf aus bei mit nach seit von vor zu zum zur um für "
        "gegen ohne durch über unter zwischen während trotz ach oh endlich plötzlich vielleicht danach "
        "darauf später kein keine"
    ),
    dates=word_set(
        "januar februar märz april mai juni juli august september oktober november dezember jänner montag "
        "dienstag mittwoch donnerstag freitag samstag sonntag jahrhundert"
    ),
    ordinals=True,
)

_FRENCH = Rules(
    titles=word_set("m mm mme mmes mlle mlles mgr dr pr st ste me ms sr vve cap col gén lt"),
    numbered=word_set("n no nos p pp vol t chap art fig liv al éd §"),
    inner=word_set("p.ex ex c.-à-d cf env av apr id ibid i.e e.g v s.v"),
    either=word_set("j.-c jr cie bd av. hab tél janv févr avr juil sept oct nov déc"),
    ending=word_set("etc"),
    starters=word_set(
        "le la les l un une des du de d il elle ils elles je tu nous vous on ce cette ces cet c mon ma "
        "mes ton ta tes son sa ses notre nos votre vos leur leurs et mais ou donc or ni car si quand "
        "lorsque comme pour par dans en sur sous avec sans chez vers après avant depuis pendant alors "
        "puis ainsi enfin cependant pourtant qui que quoi où comment pourquoi quel quelle ne non oui rien "
        "personne tout tous toute toutes ici là à au aux ah oh eh j m’ n s"
    ),
    spaced_guillemets=True,
)

_SPANISH = Rules(
    titles=word_set(
        "sr sra srta sres sras d dña dn dr dra drs prof profa fr sto sta lic ing gral cnel cap tte rvdo "
        "mons excmo ilmo"
    ),
    numbered=word_set("núm nº n.º no pág págs p pp vol t cap art fig ed"),
    inner=word_set("p.ej ej cf vid i.e e.g aprox"),
    either=word_set("ud uds vd vds v s.a cía av avda c tel ee.uu ss.mm a.c d.c a.m p.m jr"),
    ending=word_set("etc"),
    starters=word_set(
        "el la los las un una unos unas lo él ella ellos ellas yo tú usted ustedes nosotros este esta "
        "estos estas ese esa eso esto aquel aquella mi tu su sus mis nuestro nuestra y e o pero mas sino "
        "si cuando como donde porque aunque mientras que qué quién cómo cuándo dónde por para en con sin "
        "sobre de del al a desde hasta después antes entonces luego así no sí nada nadie todo todos toda "
        "muy ya aún también había era fue se le"
    ),
    spaced_guillemets=True,
)

_RUSSIAN = Rules(
    titles=word_set(
        "г-н г-жа гг г-на г-жи гр проф акад доц д-р св о тов ген полк кап лейт им ул пл пр пер наб бул г "
        "гор с дер пос р оз обл к"
    ),
    numbered=word_set("№ стр с гл т тт рис табл п пп ч ст кн вып изд"),
    inner=word_set("т.е напр см ср ок прим т.н якобы нач кон"),
    either=word_set(
        "руб коп тыс млн млрд мин сек км м см. кг в вв н.э э ч. янв февр мар апр авг сент окт нояб дек"
    ),
    ending=word_set("т.д т.п др пр. д п проч"),
    starters=word_set(
        "он она оно они я ты мы вы его её ее их мой моя твой наш ваш этот эта это эти тот та то те и но а "
        "да нет или если когда как что кто где куда откуда почему зачем чей потому поэтому так там тут "
        "здесь теперь тогда потом затем уже ещё еще не ни в во на по под над из от до за с со у к ко о об "
        "при через после перед между все всё весь каждый никто ничего может однако впрочем вдруг наконец "
        "сегодня завтра вчера"
    ),
)

_OTHER = Rules(
    titles=word_set(
        "mr mrs dr prof st sr sra sta dott sig sigg dhr mevr mej hr fr fru inż dr. ks pan doc ing mgr bc "
        "sra. exmo d dna avv"
    ),
    numbered=word_set("no nr n pag pág p pp vol art cap fig str č tel blz hoofdst"),
    inner=word_set("e.g i.e cf ca d.v.s t.ex bl.a f.eks o.a bijv d.w.z tj np tzn tzv resp ecc. p.es es v"),
    either=word_set("jr co ltd inc a.m p.m s.a n.chr v.chr a.c d.c"),
    ending=word_set("etc ecc enz osv m.m itd itp atd apod"),
    starters=_ENGLISH.starters
    | word_set(
        "il lo la gli le un una io tu lui lei noi voi loro ma e se non che chi quando come dove perché "
        "questo quello o os as um uma eu ele ela nós eles mas quando não que de het een hij zij ik wij "
        "maar en als niet wat dit dat han hon det jag vi de men och när inte ja on ona ono ja my wy oni "
        "ale gdy nie to ten ta"
    ),
)

_TABLES = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "ru": _RUSSIAN,
    "uk": _RUSSIAN,
    "zh": _ENGLISH,
    "ja": _ENGLISH,
    "ko": _ENGLISH,
    "be": _RUSSIAN,
}


@cache
def rules(language: str) -> Rules:
    """The tables of a BCP 47 tag; English where it is empty, a mixture where it is not known."""
    return _TABLES.get(language.lower().replace("_", "-").partition("-")[0] or "en", _OTHER)
