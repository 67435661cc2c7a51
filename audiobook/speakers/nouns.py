"""Words for people: titles, role and family nouns with their gender, and nicknames."""

from __future__ import annotations

from audiobook.speakers.wordlist import words

TITLES_M = words(
    """Mr Mister Sir Lord Master Monsieur M Colonel Captain Capt Count Major General Father Uncle King
    Prince Duke Baron Squire Signor Signore Herr Don Brother Inspector Sergeant Lieutenant Corporal
    Constable Admiral Commodore Emperor Earl Marquis Viscount Abbé Grandfather Grandpa Père Señor Sahib
    Deacon Bishop Cardinal Pope Sheriff Grandfer Gaffer Esquire Monseigneur Comte Vicomte Baronet Nawab
    Maulvi Rajah"""
)
TITLES_F = words(
    """Mrs Miss Ms Lady Madame Mme Mademoiselle Mlle Aunt Auntie Aunty Mother Queen Princess Duchess
    Countess Signora Signorina Sister Madam Dame Nurse Fraulein Fräulein Frau Baroness Marchioness
    Grandmother Grandma Granny Señora Señorita Empress Widow Goody Mistress Begum Comtesse Abbess"""
)
TITLES_N = words(
    """Dr Doctor Professor Prof Rev Reverend Judge Saint St Cousin Superintendent Dean President Secretary
    Officer Senator Governor Old Little Poor Young Dear Chief"""
)
ABBREVIATED = words("Mr Mrs Ms Dr St Capt Col Gen Lieut Lt Prof Rev Mme Mlle M Messrs Hon Esq Sgt Jr Sr")
"""Titles written with a full stop."""
PRESUMED_M = words(
    """Dr Doctor Professor Prof Rev Reverend Judge Lieutenant Corporal Constable Superintendent Dean Governor
    Senator"""
)
"""Titles of men in most books; gives way to any evidence."""
SOFT_TITLES = words("Old Little Poor Young Dear Saint St Secretary Chief")
"""Words that stand before a name without being part of who it is."""
TITLES = TITLES_M | TITLES_F | TITLES_N

NOUNS_M = words(
    """man gentleman boy fellow father husband son brother uncle lord lad king priest waiter grandfather
    nephew butler monk captain colonel clergyman footman chap driver porter clerk soldier count mister
    sir duke prince widower bachelor vicar curate rector policeman constable inspector sergeant landlord
    host groom coachman cabman papa father-in-law brother-in-law son-in-law grandson stepfather
    godfather guy bloke baron barman bartender sailor sentry butcher baker blacksmith smith farmer
    shepherd huntsman fisherman workman postman doorman foreman chairman alderman sportsman nobleman
    countryman frenchman englishman irishman scotchman scotsman welshman german dutchman spaniard
    boatman ferryman watchman fireman hangman tradesman schoolmaster headmaster master professor general
    major lieutenant admiral bishop dad daddy pa mate pirate squire baronet sheriff cowboy rancher
    hunter trapper miner jailer gaoler turnkey ostler hostler cook's-boy pope friar abbot hermit wizard
    youth old-timer stockman drover convict tramp beggar peddler pedlar cobbler tailor barber valet page
    herald lover suitor bridegroom fiancé patriarch emperor caterpillar knave executioner detective
    lawyer solicitor attorney judge magistrate banker merchant grocer secretary doctor surgeon student
    president"""
)
NOUNS_F = words(
    """woman lady girl mother wife daughter sister aunt queen widow maid niece grandmother housemaid lass
    ladyship hostess landlady governess nurse duchess countess princess mamma mama madame maiden bride
    matron housekeeper mother-in-law sister-in-law daughter-in-law stepmother godmother granddaughter
    old-maid spinster waitress actress heroine damsel lassie mistress chambermaid parlourmaid barmaid
    laundress washerwoman charwoman schoolmistress headmistress nun abbess witch fairy empress baroness
    marchioness squaw widow-lady mum mummy mom ma frenchwoman englishwoman irishwoman gentlewoman
    countrywoman milkmaid seamstress dressmaker milliner fiancée auntie concierge"""
)
PLURALS = words(
    """men women boys girls ladies gentlemen people sisters brothers children friends others voices crowd
    parents soldiers servants guests all both two three family company party everybody everyone they
    them pair couple daughters sons fellows lads cousins neighbours boys girls students officers mob
    chorus jury"""
)
NOUNS_N = words(
    """child baby servant stranger visitor guest cousin friend companion neighbour neighbor doctor lawyer
    judge cook clerk teacher speaker patient prisoner voice other person creature fellow-traveller
    passenger host leader chief officer agent guide messenger secretary president student artist poet
    painter author critic listener spectator foreigner american indian chinaman negro jew dwarf giant
    ghost spirit cat dog mouse rabbit bird wolf bear lion tortoise dodo gryphon duck lory eaglet pigeon
    figure invalid sufferer orphan baby infant youngster parent conductor operator driver interpreter
    traveller traveler rider orator philosopher hatter hare caterpillar turtle dormouse physician
    surgeon scholar pupil inmate attendant assistant apprentice trustee pilgrim informant official
    magistrate detective sleuth spy burglar thief robber assassin murderer outlaw warrior savage native
    peasant gardener caretaker janitor shopkeeper innkeeper publisher editor reporter journalist manager
    director superintendent warden keeper matron skipper pilot mate boatswain gunner steward purser
    engineer mechanic carpenter mason novelist musician pianist dancer singer actor newcomer intruder
    culprit veteran senior junior elder younger speaker questioner tutor governor banker merchant broker
    dealer grocer chemist tenant lodger boarder client customer nobleman monster demon devil angel god
    goddess"""
)

KIN: dict[str, tuple[str, str]] = {
    "father": ("M", "parent"),
    "papa": ("M", "parent"),
    "mother": ("F", "parent"),
    "mamma": ("F", "parent"),
    "mama": ("F", "parent"),
    "brother": ("M", "sibling"),
    "sister": ("F", "sibling"),
    "husband": ("M", "spouse"),
    "wife": ("F", "spouse"),
    "son": ("M", "child"),
    "daughter": ("F", "child"),
    "uncle": ("M", "uncle"),
    "aunt": ("F", "uncle"),
    "nephew": ("M", "nephew"),
    "niece": ("F", "nephew"),
    "cousin": ("", "cousin"),
    "friend": ("", "friend"),
    "companion": ("", "friend"),
    "grandfather": ("M", "grandparent"),
    "grandmother": ("F", "grandparent"),
    "brother-in-law": ("M", "in-law"),
    "sister-in-law": ("F", "in-law"),
    "mother-in-law": ("F", "in-law"),
    "father-in-law": ("M", "in-law"),
    "lover": ("", "lover"),
    "mistress": ("F", "employer"),
    "master": ("M", "employer"),
    "servant": ("", "servant"),
    "ladyship": ("F", "title"),
    "lordship": ("M", "title"),
    "visitor": ("", "guest"),
    "guest": ("", "guest"),
    "hostess": ("F", "host"),
    "host": ("M", "host"),
}
"""Noun of a relation → (gender, relation): "her father" is somebody related to her, never herself."""

AGES: dict[str, str] = {
    "child": "child", "boy": "child", "girl": "child", "lad": "child", "lass": "child", "baby": "child",
    "youngster": "child", "youth": "young", "maiden": "young", "old": "old", "aged": "old", "elderly": "old",
    "grandfather": "old", "grandmother": "old", "granny": "old", "grandpa": "old", "grandma": "old",
}  # fmt: skip
"""Words beside a name that say how old somebody is."""

_NICKNAMES = """elizabeth: lizzy eliza liz lizzie bess bessie betsy beth betty libby; thomas: tom tommy;
william: bill will billy willie willy; richard: dick dickie rick; robert: bob rob bobby robbie
bobbie robin; james: jim jimmy jem jamie; john: jack johnny johnnie; jacob: jake; michael: mike
mick; edward: ned ted teddy eddie eddy; catherine: kate kitty cathy katy katie catharine
katherine cath kathy; anne: nan nancy annie ann nanny; mary: molly polly; margaret: peggy meg
madge maggie daisy greta; henry: harry hal; charles: charley charlie chas; frederick: fred
freddy freddie; samuel: sam sammy; daniel: dan danny; joseph: joe josey joey; benjamin: ben
benny; alexander: alec sandy aleck; frances: fanny fannie; francis: frank; sarah: sally sadie;
susan: sue susie susy susanna susannah; eleanor: nell nelly nellie ellen nellie elinor; jane:
jenny janey jennie; anthony: tony; albert: bertie bert; george: georgie; charlotte: lottie
lotty; wilhelmina: minnie mina; dorothy: dolly dora dot; theobald: tib tibby; henrietta: hetty
etta; euphemia: effie; augustus: gus gussie; archibald: archie archy; philip: phil pip;
nicholas: nick; patrick: pat paddy; ronald: ron; lawrence: larry laurie; andrew: andy; david:
davy dave; matthew: mat matt; peter: pete; stephen: steve steenie; walter: wat wally; timothy:
tim; christopher: kit chris; abraham: abe; jeremiah: jerry; rebecca: becky; amelia: emmy milly;
emily: em emmie; josephine: jo josie; amanda: mandy; isabella: bella belle isabel; victoria:
vicky; harriet: hattie; martha: patty matty; penelope: pen penny; caroline: carrie caro;
florence: flo florrie flossie; gertrude: trudy gertie; helen: nell; agnes: aggie; alfred: alf
alfie; ernest: ernie; louisa: lou; rosamond: rosy; raymond: ray; leonard: len; arthur: art;
barbara: babs; julia: julie; lydia: liddy; cordelia: delia"""
NICKNAMES: dict[str, str] = {
    short: entry.split(":")[0].strip()
    for entry in _NICKNAMES.replace("\n", " ").split(";")
    for short in entry.split(":")[1].split()
}
"""Short form → full first name, lower case."""

FIRST_M = words(
    """john james william george charles henry thomas edward robert joseph richard samuel david daniel
    michael peter paul arthur albert frank francis frederick walter philip stephen andrew anthony
    edmund edgar hugh ralph roger simon timothy nicholas matthew mark luke benjamin abraham isaac
    jacob nathaniel oliver oscar patrick percy raymond reginald rupert sidney stanley theodore
    vincent victor basil cecil clarence cyril douglas dorian duncan ernest eugene felix geoffrey
    gerald gilbert godfrey gordon gregory harold herbert horace howard hubert humphrey jack jasper
    jeremy jerome jonathan julian julius kenneth lawrence leonard leopold lewis louis lionel martin
    maurice miles neville noel norman owen rodney roland ronald rufus silas solomon theobald tobias
    alan alexander alfred algernon ambrose archibald augustus barnaby bernard bertram christopher
    clement conrad cuthbert dennis dominic donald ebenezer elijah ezra gabriel harvey heathcliff
    hector ivan jake jim joe tom bill bob dick harry ned ted sam dan ben charlie pip tim adam alec
    angus leslie guy gus max fritz hans karl carl otto pierre jean jacques henri émile antonio
    carlos diego juan pedro pablo marco paolo giovanni giuseppe alexei dmitri sergei mikhail nikolai
    pavel vladimir aziz gino cohn romero laurie rhett ashley phileas sherlock abel abner adolphus
    alastair alaric alban aldous alistair amos andré anselm antoine archie aubrey austin barry
    bartholomew benedict boris brian bruno caleb calvin carlo cedric claude clifford clive colin
    cornelius crispin cyrus damian denis derek desmond digby donovan dwight edwin elias emil enoch
    enrico eric erik ethan evan everard fabian ferdinand fergus finn francois françois franz fyodor
    gareth gaston gavin giles gideon glenn gregor grigory guido gustav hamish hannibal heinrich
    herman hiram homer horatio ian ignatius igor ira irving ivor jabez jared jason jerry jesse joel
    joachim josiah joshua justin keith kurt leander leo leon leroy levi linus lorenzo lucas lucian
    ludwig luigi luther magnus malcolm manuel marcel marcus mario marmaduke martyn melville mervyn
    miguel mordecai mortimer nathan nigel obadiah octavius olaf orlando orville oswald otis patrice
    percival quentin rafael ramon randolph raoul raphael reuben rex roderick rory roy rudolf rudolph
    sebastian septimus seth sigmund silvester stefan terence thaddeus theodor tristram tyler ulrich
    valentine vernon waldo wilfred wilfrid wilhelm willard winston zachariah"""
)
FIRST_F = words(
    """mary elizabeth anne anna ann jane sarah emma emily charlotte catherine katherine katharine margaret
    alice louisa caroline julia maria susan susannah fanny frances harriet lucy lydia kitty marianne
    elinor eleanor ellen helen isabella isabel georgiana augusta amelia agnes ada amy adele beatrice
    bertha bridget cecilia clara constance cordelia cora daisy diana dinah dora dorothy edith edna
    ella elsie ethel eva eve evelyn flora florence gertrude gladys grace gwendolen hannah henrietta
    hester hilda ida irene janet jean jessie joan josephine judith kate laura lavinia leah lena
    letty lilian lily lizzy lizzie mabel madeleine maggie marian marie marjorie martha matilda maud
    may mercy mildred millicent minnie miriam molly nancy nell nelly nora olive olivia pamela
    patience penelope phoebe phyllis polly priscilla prudence rachel rebecca rhoda rosa rosalind
    rose rosamond ruth sally sibyl sybil sophia sophy stella sylvia tess theodora theresa thérèse
    ursula victoria vera violet virginia winifred marilla brett georgette adela adèle marguerite
    philippa lilia abigail adelaide adeline agatha alberta alexandra alexandrine alexia alma althea
    anastasia andrea angela angelina angelique anita annabel annabella annette antoinette antonia
    antonina arabella aurora barbara beatrix belinda bernadette bessie betsy betty bianca blanche
    brenda brigitte camilla candace carla carlotta carmen carolina cassandra celeste celia charlotta
    christiana christina christine clarissa claudia clementina clotilde colette connie cornelia
    cynthia daphne deborah deirdre delia denise desdemona dolores dominique doreen doris drusilla
    eileen elaine eleonora elfrida elise eliza elisa elisabeth eloise elvira emilia enid erica
    esmeralda estella esther eugenia eugénie eulalia eunice evangeline evelina fabienne felicia
    felicity fiona flavia francesca françoise freda frederica gabrielle genevieve georgina geraldine
    germaine gilda giselle gloria greta griselda gwen gwendoline harriette heather hedwig helena
    hélène heloise hermia hermione hetty honora hortense imogen inez ingrid iris isadora isolde ivy
    jacqueline jeanette jeanne jemima jennifer jenny jill joanna josepha jocasta josette joyce
    juanita julie juliet juliette justine karen katerina kathleen kristina lara larissa laurette
    leonora leonie lilias lilith lillian linda lisa lois lola loretta lorna lottie louise lucia
    lucie lucille lucinda lucretia luisa lydie mabelle madeline madge magda magdalen magdalene
    malvina marcella marcia margot mariana marina marion marta marthe maureen mavis maxine melanie
    melissa meg meredith michelle mina minna mirabel miranda moira mona monica muriel myra nadia
    nadine nanette naomi natalia natalie natasha nathalie nina noreen norma octavia odette odile
    olga ophelia pansy paula paulina pauline perdita petronella philomena pippa polina portia regina
    renée rita roberta rosalie rosaline rosanna roselle rosemary rosie rowena roxana ruby sabina
    sabrina salome samantha sandra sara selina serena sheila shirley silvia simone sonia sonya
    sophie stephanie susanna suzanne tabitha tamara tatiana thelma thomasina tilda tina una
    valentina valeria valerie vanessa verena veronica viola vivien wanda wendy wilhelmina xenia
    yolanda yvette yvonne zelda zenobia zoe"""
)


def title_gender(title: str) -> str:
    """M, F or "" for a title without its full stop."""
    return "M" if title in TITLES_M else "F" if title in TITLES_F else ""


def noun_gender(noun: str) -> str:
    """M, F, P (several people) or "" for a lower-case noun."""
    last = noun.split()[-1] if noun else ""
    if last in PLURALS:
        return "P"
    if last in KIN and KIN[last][0]:
        return KIN[last][0]
    return "M" if last in NOUNS_M else "F" if last in NOUNS_F else ""


def is_person_noun(noun: str) -> bool:
    """Whether a lower-case noun names a kind of person."""
    return noun in NOUNS_M or noun in NOUNS_F or noun in NOUNS_N or noun in KIN


def first_name_gender(name: str) -> str:
    """M, F or "" for a first name, in any case; nicknames count as their full names."""
    name = name.lower()
    for candidate in (name, NICKNAMES.get(name, "")):
        if candidate in FIRST_F and candidate not in FIRST_M:
            return "F"
        if candidate in FIRST_M and candidate not in FIRST_F:
            return "M"
    return ""
