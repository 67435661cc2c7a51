"""Verbs of speech: the words by which a narrator says who speaks, and how."""

from __future__ import annotations

from functools import cache

from audiobook.speakers.wordlist import words

STRONG = words(
    """say says said saying ask asks asked reply replies replied answer answers answered cry cries cried
    exclaim exclaims exclaimed return returns returned observe observes observed remark remarks remarked
    add adds added continue continues continued whisper whispers whispered murmur murmurs murmured
    mutter mutters muttered shout shouts shouted demand demands demanded inquire inquires inquired
    enquire enquires enquired repeat repeated interpose interposed rejoin rejoined respond responded
    retort retorted resume resumed declare declared ejaculate ejaculated"""
)
"""Verbs that hardly ever mean anything but speech beside a quotation."""

SPEAKING = words(
    """saying asking replying answering crying exclaiming returning observing remarking adding continuing
    whispering murmuring muttering shouting demanding inquiring enquiring repeating declaring calling
    thinking telling"""
)
"""Participles of speech: they count before a quotation only."""

WEAK = words(
    """accosted accost addressing supplied supply went call called calls begin began begins interrupt
    interrupted suggest suggested announce announced explain explained protest protested urge urged
    plead pleaded beg begged sigh sighed sob sobbed laugh laughed smile smiled gasp gasped growl growled
    grumble grumbled groan groaned moan moaned scream screamed shriek shrieked yell yelled roar roared
    assent assented agree agreed admit admitted confess confessed insist insisted object objected
    persist persisted pursue pursued proceed proceeded conclude concluded comment commented stammer
    stammered falter faltered hesitate hesitated venture ventured thought think thinks reflect reflected
    muse mused told tell tells echo echoed hiss hissed snap snapped snarl snarled drawl drawled chuckle
    chuckled giggle giggled bellow bellowed bawl bawled breathe breathed broke burst caution cautioned
    command commanded complain complained correct corrected chime chimed contend contended counsel
    counselled croak croaked entreat entreated expostulate expostulated finish finished hint hinted
    implore implored inform informed join joined lament lamented mumble mumbled nod nodded order ordered
    pant panted parry parried pipe piped prompt prompted put queried query quote quoted read reason
    reasoned reassure reassured recite recited recommend recommended relate related remind reminded
    remonstrate remonstrated report reported reproach reproached ruminate ruminated shrug shrugged
    soliloquise soliloquised soliloquize soliloquized speak speaks spoke squeak squeaked squeal squealed
    state stated stutter stuttered submit submitted supplement supplemented sneer sneered threaten
    threatened thunder thundered vociferate vociferated volunteer volunteered wail wailed warn warned
    whimper whimpered whine whined wonder wondered pronounce pronounced affirm affirmed apologise
    apologised apologize apologized argue argued assert asserted assure assured aver averred boast
    boasted challenge challenged consent consented concede conceded consider considered opine opined
    quaver quavered rap rapped rasp rasped jeer jeered joke joked decide decided greet greeted hazard
    hazarded invite invited maintain maintained mention mentioned promise promised propose proposed purr
    purred question questioned sang sing sniff sniffed snort snorted splutter spluttered sputter
    sputtered swear swore taunt taunted tease teased titter tittered utter uttered vow vowed yawn yawned
    beam beamed blurt blurted bleat bleated bark barked chant chanted coo cooed crow crowed cheer
    cheered choke choked cough coughed croon crooned dictate dictated fume fumed grunt grunted lisp
    lisped ordain pout pouted pray prayed preach preached rage raged rant ranted rattle rattled scoff
    scoffed scold scolded shrill shrilled simper simpered snigger sniggered storm stormed whistle
    whistled yelp yelped wheeze wheezed interjected interject advised advise allowed bantered babbled
    blustered bade cut concurred confided countered cursed defended deplored denied directed emended
    elaborated enjoined exhorted exulted gushed hailed hooted howled implied improvised intoned mocked
    mouthed murmured noted offered owned panted pacified philosophised predicted prophesied prattled
    probed rebuked rebutted recalled recollected remembered requested reverted reiterated revealed
    ribbed saluted screeched seconded sibilated smirked soothed stressed struck summed surmised
    sympathised sympathized tempted testified thanked trilled twittered upbraided verified wept ventured
    warbled wished worried yapped acknowledged accused acquiesced addressed agreed apostrophised
    appealed approved attested blubbered bragged broached bubbled cackled cajoled carolled certified
    charged chaffed chirped chorused clamoured coaxed comforted commended commiserated communicated
    condemned confirmed congratulated considered consoled contradicted crabbed criticised debated
    decreed demurred described determined dissented drawled droned encouraged ended expanded explained
    expounded extemporised flashed fretted generalised grinned guessed halloed imparted impressed
    inserted insinuated instructed interceded interpolated interrogated jerked jested justified lectured
    lied marvelled meditated moralised nagged narrated noticed objurgated opened paraphrased pattered
    perorated pleaded pondered praised pressed proclaimed proffered promulgated quavered quibbled
    quipped railed rallied reaffirmed rebuffed recapitulated reckoned recounted recurred refused
    rejoiced relented remonstrated renewed repined replied reproved resisted resounded reverberated
    sallied scowled shot shuddered sighed snickered snuffled speculated squawked stipulated swallowed
    tattled teased thanked threw thundered trumpeted urged ventured voiced wailed waved winced yodelled
    followed gave made came turned"""
)
"""Verbs that may stand for speech beside a quotation: the more of the tag's form fits, the surer."""

THOUGHT = words("think thinks thought thinking reflect reflected muse mused wonder wondered mentally")
"""Verbs that make a quotation a thought."""

FOREIGN = words(
    """sagte fragte antwortete rief erwiderte meinte entgegnete flüsterte murmelte schrie sprach versetzte
    begann fügte bemerkte erklärte dachte dit demanda répondit s'écria cria murmura répliqua reprit
    ajouta fit pensa continua déclara répéta observa s'exclama dijo preguntó respondió contestó exclamó
    gritó murmuró repuso añadió replicó susurró pensó decía disse chiese rispose esclamò gridò mormorò
    replicò aggiunse domandò fece sussurrò pensò perguntou respondeu exclamou gritou murmurou
    acrescentou replicou sussurrou pensou zei vroeg antwoordde riep fluisterde mompelde hernam sade
    frågade svarade ropade viskade sa sagde spurgte råbte sanoi kysyi vastasi huusi kuiskasi сказал
    сказала спросил спросила ответил ответила воскликнул воскликнула крикнул крикнула прошептал
    прошептала проговорил проговорила отвечал отвечала говорил говорила закричал закричала подумал
    подумала заметил заметила продолжал продолжала прибавил прибавила произнес произнесла powiedział
    powiedziała zapytał zapytała odpowiedział odpowiedziała rzekł rzekła zawołał zawołała řekl řekla
    zeptal zeptala odpověděl odpověděla zvolal zvolala"""
)


@cache
def is_speech_verb(word: str) -> bool:
    """Whether a lower-case word can be a verb of speech, in any of the languages known."""
    return word in STRONG or word in WEAK or word in FOREIGN


STYLES: dict[str, str] = {
    "whispered": "whispering",
    "whisper": "whispering",
    "whispers": "whispering",
    "breathed": "whispering",
    "murmured": "murmuring",
    "murmur": "murmuring",
    "muttered": "muttering",
    "mumbled": "mumbling",
    "shouted": "shouting",
    "shout": "shouting",
    "yelled": "shouting",
    "bawled": "shouting",
    "bellowed": "shouting",
    "roared": "roaring",
    "thundered": "roaring",
    "screamed": "screaming",
    "shrieked": "screaming",
    "screeched": "screaming",
    "cried": "crying out",
    "exclaimed": "excited",
    "laughed": "laughing",
    "chuckled": "laughing",
    "giggled": "giggling",
    "sobbed": "sobbing",
    "wept": "sobbing",
    "wailed": "wailing",
    "sighed": "sighing",
    "groaned": "groaning",
    "moaned": "moaning",
    "growled": "growling",
    "snarled": "snarling",
    "snapped": "sharply",
    "hissed": "hissing",
    "gasped": "gasping",
    "panted": "out of breath",
    "stammered": "stammering",
    "stuttered": "stammering",
    "faltered": "faltering",
    "pleaded": "pleading",
    "begged": "pleading",
    "implored": "pleading",
    "drawled": "drawling",
    "sang": "singing",
    "sneered": "sneering",
    "whimpered": "whimpering",
    "whined": "whining",
    "grumbled": "grumbling",
    "commanded": "commanding",
    "ordered": "commanding",
    "teased": "teasing",
    "croaked": "croaking",
}
"""How a line is spoken, from the verb that tags it."""

PARTICIPLES: dict[str, str] = {
    "laughing": "laughing",
    "smiling": "smiling",
    "sobbing": "sobbing",
    "weeping": "sobbing",
    "sighing": "sighing",
    "whispering": "whispering",
    "shouting": "shouting",
    "trembling": "trembling",
    "panting": "out of breath",
    "grinning": "grinning",
    "yawning": "yawning",
    "blushing": "shy",
    "shivering": "trembling",
    "stammering": "stammering",
    "frowning": "frowning",
}
"""Participles after a tag that say how."""

ADVERBS = words(
    """softly quietly gently loudly angrily sadly gravely coldly dryly drily sharply eagerly cheerfully
    bitterly warmly calmly solemnly impatiently timidly anxiously sternly hoarsely faintly slowly
    quickly hurriedly hastily merrily gaily sarcastically scornfully contemptuously proudly tenderly
    fiercely furiously indignantly nervously mournfully sulkily crossly severely kindly brightly
    gloomily triumphantly ironically breathlessly dreamily tearfully joyfully drowsily sleepily curtly
    stiffly wearily hesitatingly doubtfully thoughtfully playfully passionately earnestly firmly
    haughtily humbly meekly shyly stoutly hotly stubbornly vehemently wildly desperately gruffly harshly
    politely roughly sweetly"""
)
"""Adverbs after a tag that say how."""
