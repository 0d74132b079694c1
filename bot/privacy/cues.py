"""The words around a name, a place or an employer that say what it is."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of this text."""
    return frozenset(words.split())


TITLES = word_set("mr mrs ms miss mx mister missus madam sir dame")
"""Before a name whatever it is."""
SHORT_TITLES = word_set("dr mr mrs ms mx st prof rev fr sr jr lt sgt capt col gen hon vs")
"""Written with a dot that ends no sentence."""
RANKS = word_set(
    "dr doctor prof professor rev reverend father fr sister brother pastor rabbi imam deacon"
    " bishop judge justice officer"
    " detective sgt sergeant lt lieutenant capt captain colonel col major coach nurse principal"
    " aunt auntie aunty uncle grandma"
    " grandpa granny nana papa cousin tia tio abuela abuelo attorney atty agent deputy chief"
    " senator mayor"
)
"""Before a name, but before other words as well."""
MEASURES = word_set("major general chief principal")
"""Ranks that are adjectives as well, as in "major depression"."""
LEARNED = word_set("dr doctor prof professor") | word_set("sister brother father mother baby agent")
"""Before the names of authors too."""
FAMILY = word_set(
    "mother mom mum mommy mama ma father dad daddy papa sister sis brother bro son daughter"
    " wife husband hubby spouse partner"
    " boyfriend girlfriend bf gf fiance fiancee ex exes twin twins cousin niece nephew aunt"
    " uncle grandmother grandfather grandma"
    " grandpa grandson granddaughter grandchild stepson stepdaughter stepmom stepdad stepmother"
    " stepfather stepbrother stepsister"
    " godmother godfather baby toddler kid child girl boy infant newborn sibling in-law"
    " mother-in-law father-in-law"
    " sister-in-law brother-in-law son-in-law daughter-in-law ex-husband ex-wife ex-boyfriend"
    " ex-girlfriend ex-partner half-brother half-sister"
    " lover widow widower bestie bff roommate housemate flatmate foster-mom eldest oldest"
    " youngest firstborn middle"
)
OTHERS = word_set(
    "friend neighbor neighbour boss manager coworker co-worker colleague teacher coach sponsor"
    " classmate carer carers therapist psychiatrist counselor counsellor"
    " psychologist doctor nurse prescriber caseworker case-worker landlord tenant mentor tutor"
    " nanny babysitter sitter caregiver aide supervisor"
    " supervisee trainee intern student resident lawyer attorney pastor priest rabbi dog cat"
    " puppy horse principal bully stalker abuser perpetrator dealer"
    " dietitian nutritionist pediatrician gp pcp np interpreter guardian groomer officer guy"
    " man woman lady teen adolescent"
)
CLIENTS = word_set(
    "client clients patient patients pt pts consultee analysand couple ct cl ptn clt counselee"
    " mentee"
)
ROLES = FAMILY | OTHERS | CLIENTS
INTRODUCED = word_set("named called nicknamed aka a.k.a dubbed renamed christened")
SEEING = word_set(
    "adopted adopting text texting texted married dating dated divorced fostering hugged phoned"
    " seeing treating saw met seen meeting supervising referring visited assessed interviewed"
    " discharged readmitted assess see"
)
BORROWED = word_set(
    "cafe cafes naive naivete cliche cliches fiance fiancee fiances resume resumes deja facade"
    " creme senor senora"
    " senorita pinata jalapeno uber a la nee blase expose passe risque protege proteges entree"
    " entrees touche role"
    " roles decor crepe saute seance soiree soufflee puree attache communique divorcee divorcee"
    " coup voila manana"
    " ninos nino adios que si papi mijo mija pate rose naively vis angst doppelganger fohn"
    " uberhaupt melee emigre"
    " elan eclair consomme detente denouement emeritus habitue ingenue matinee melange negligee"
    " outre roue cortege"
    " cooperate cooperation coordinate reenact reenactment preeminent noel zoe aupres metier"
    " raison d'etre tete"
    " latine quebecois dia muertos quinceanera bruja curandero sante metis"
)
"""English words that may be typed with an accent."""
GREETINGS = word_set("hi hey hello dear hiya thanks ty sorry")
SAYING = word_set(
    "said says told tells asked asks texted texts called calls cried cries missed misses"
    " cancelled canceled cancels laughed laughs"
    " emailed emails replied replies answered admitted admits disclosed discloses reported"
    " reports denied denies insists insisted"
    " yelled yells screamed screams whispered shrugged shrugs nodded sobbed sobs wept weeps"
    " sighed smiled smiles grinned apologized apologised"
    " no-showed noshowed ghosted ghosts relapsed relapses dissociated dissociates divorced"
    " married remarried drinks drank vapes"
    " overdosed attempted wants wanted thinks thought feels felt believes believed knows knew"
    " hates hated loves loved likes liked"
    " refuses refused agreed agrees promised promises wrote writes sends sent messaged messages"
    " phoned dmed rang quit moved moves lives lived"
    " hugged hugs hit hits punched punches slapped kissed kisses ignores ignored blames blamed"
    " accused accuses threatened threatens"
    " mentioned mentions explained explains describes described joked jokes jokingly quipped"
    " snapped interrupts interrupted sulked"
    " struggles struggled suffers suffered avoids avoided panics panicked binges binged purges"
    " purged cuts self-harms"
    " graduated graduates studies studied teaches taught attends attended arrives arrived"
    " presents presented forgot forgets remembers remembered complains complained worries"
    " worried sleeps slept swears swore decided decides"
    " started starts stopped stops keeps kept tried tries needs needed died dies left leaves"
    " talks talked spoke speaks"
    " prays prayed sings sang dances danced smokes smoked fasts fasted cooks cooked paces paced"
    " stutters stuttered mumbles mumbled whispers giggles giggled jokes grumbles grumbled begs"
    " begged apologises apologizes yawns yawned blushes blushed trembles trembled flinches flinched"
    " hesitates hesitated pretends pretended regrets regretted misses wonders wondered hopes hoped"
    " vomits vomited self-harmed restricts restricted scratches scratched collects collected"
    " volunteers plays played paints painted draws reads runs phones rings emails texts replies"
    " marries cheats cheated adores adored trusts trusted distrusts misunderstood resents resented"
    " envies envied fears feared pities dreads dreaded confessed confesses objects objected"
    " demands demanded asks begs pleads pleaded nods shouts shouted swings storms stormed slammed"
    " arrives arrived fled flees sued sues stole steals hid hides chose chooses"
)
"""Verbs whose subject is hardly ever a thing."""
UNDONE = word_set(
    "doesn't doesnt didn't didnt isn't isnt wasn't wasnt hasn't hasnt won't can't hadn't"
    " wouldn't couldn't"
)
"""What people do not do; hope and patience do not either."""
LIVING = word_set(
    "texted texts emailed phoned rang dmed messaged cancelled canceled cancels no-showed noshowed"
    " ghosted cried cries sobbed sobs wept weeps relapsed relapses vapes overdosed shrugged"
    " nodded yelled screamed slapped punched kissed hugged vomited fainted slammed paid"
    " arrived disclosed self-harms graduated divorced remarried quit"
)
"""What clients do and authors do not."""
DOING = word_set(
    "came comes went goes got gets has had is was seems seemed looked looks sat sits stood"
    " walked walks ran runs took takes brought brings"
    " showed shows made makes found finds gave gives put puts turned turns broke breaks bought"
    " buys used uses lost loses"
    " worked works slept drove ate drank fell finished passed sat failed rang"
    " stayed stays returned returns returns grew grows ended ends lied lies won wins also just"
    " never always still finally then and"
)
"""Verbs and adverbs whose subject is often a person."""
MOVING = word_set(
    "came comes went goes got gets sat sits stood walked walks ran brought brings showed stayed"
    " returned lied slept drove ate drank fell worked"
)
"""Of these, the verbs that nothing but people and animals do at the head of a sentence."""
ADVERBS = word_set(
    "never always still just also finally then now really literally actually already almost"
    " only once again often suddenly simply"
)
BELONGINGS = (
    FAMILY
    | OTHERS
    | word_set(
        "husband wife mom mother dad father family parents kids children house home room"
        " apartment phone texts email session sessions"
        " therapist treatment diagnosis trauma childhood birthday funeral death wedding divorce"
        " anxiety depression ptsd ocd adhd relapse"
        " story case chart file note notes job work school teacher boss sister brother son"
        " daughter partner face voice eyes hands body"
        " words reaction response affect mood meds medication insurance attorney lawyer ex"
        " parts manager drinking sobriety attachment history"
        " presentation goals progress symptoms behavior behaviour anger shame grief"
    )
)
CITING = word_set("reading rereading re-reading citing cites per quoting quotes")
WORKS = word_set(
    "scale scales inventory index questionnaire syndrome disease method technique model theory"
    " effect"
    " protocol workbook book books paper papers article chapter framework concept notion idea ideas"
    " essay lectures test triangle approach hypothesis paradigm experiment study studies criteria"
    " ratio matrix interview institute assessment measure inventories checklist schedule"
    " protocols manual programme workshop training course conference"
)
"""What authors leave behind; after a name that is not a given one, it is theirs."""
DETERMINERS = word_set(
    "the a an my your his her its our their this that these those no some any every each such"
    " what more much little less enough"
    " with without of in by for to i we you they he she it don't not and or as so be is was are"
    " were been being if can could would will"
    " should may might must did do does have has had cannot can't won't i'd i'll we'll just"
    " really very than pure sheer false real new old all both"
)
"""What stands before an everyday word, so that it is no name."""
FUNCTION = DETERMINERS | word_set(
    "at on from about into over after before under again then once here there when where why"
    " how few most other only own same too"
    " now also back still well even because until while who whom which whose am me him them us"
    " myself himself herself themselves"
    " said says told tells asked who's that's she's he's it's they're we're i'm i've you're one"
    " two three four five six seven eight nine ten"
    " always never often sometimes usually maybe perhaps already yet since though although but"
    " nor either neither up down out off"
    " let lets get gets got go goes went come comes came see sees saw seen know knows knew"
    " think thinks thought make makes made take takes took"
    " give gives gave say want wants wanted need needs needed feel feels felt try tries tried"
    " keep keeps kept start starts started"
    " whatever whoever nothing something anything everything nobody somebody anyone everyone"
    " someone anybody everybody"
    " session sessions therapy client clients patient patients today tomorrow yesterday tonight"
    " week weeks month months year years day days"
    " hi hey hello thanks thank please yes no ok okay any anyone advice thoughts help question"
    " questions background history context update"
    " presenting referred reports reported denies endorsed presents currently recently his her"
    " hers last next first second third"
    " mom mum dad mother father brother sister wife husband son daughter aunt uncle grandma grandpa"
    " got trying being doing having going coming using feeling saying telling asking"
    " him's out dead alive sober away gone fine good bad great sick ill late early home alone"
    " anxious depressed angry sad happy"
    " so such until unless whether via per etc me mine ours yours theirs"
)
PLACED = word_set(
    "in from near outside around to at through visiting leaving toward towards across between via"
)
WITHIN = word_set("in from near outside around to")
"""The closest of these, for places that are called like everyday words."""
SETTLED = word_set(
    "lives live living lived moved moving moves relocated relocating grew raised born based"
    " works working worked"
    " visiting visited commutes commuting fled emigrated immigrated deployed stationed stayed"
    " staying flew flying drove driving"
    " transferred travels traveling travelling back home originally hails"
)
WORKING = word_set(
    "boss coworker coworkers colleagues crew bosses team warehouse foreman dispatcher trucker"
    " pilot teller worker employee employees bartender"
    " stocker picker packer welder mechanic paramedic firefighter orderly cleaner nanny tutor"
    " coach cop deputy guard trainer stylist"
    " works worked working work job employed hired fired shift shifts attends attended"
    " attending enrolled enrolls student nurse teacher"
    " teaches taught engineer manager cashier barista lawyer paralegal driver clerk intern"
    " interned internship analyst consultant"
    " accountant professor executive supervisor janitor security waitress waiter chef cook"
    " secretary receptionist assistant"
    " graduated graduates freshman sophomore junior senior inpatient admitted discharged"
    " hospitalized hospitalised treated transferred"
    " interviewing interviewed interviews laid career position promoted promotion resigned quit"
    " retired volunteer volunteers"
    " sacked dismissed redundant headhunted recruited seconded"
    " residency resident fellow postdoc expelled suspended dropped goes started starts starting"
    " studying studies study"
    " drives delivers cleans cooks serves sells runs manages waits waitresses builds repairs fixes"
    " coaches preaches sings performs dances drums plays volunteered lectures lectured tutors"
    " translates nurses trains trained training apprenticed served serving contracted contracts"
    " drove flew grader graders grade kindergartner died surgery ed er icu ward shift shifts"
    " hours prison"
    " jail locked"
    " booked incarcerated delivered detox rehab placement residential stay"
    " temps temped bartends stocks stacks packs picks welds guards shifts shift-work freelances"
    " freelanced consults codes edits researches"
    " apprentice plumber electrician carpenter joiner builder bricklayer roofer decorator farmer"
    " gardener fisherman sailor soldier marine officer midwife carer caregiver pharmacist dentist"
    " surgeon doctor physician vet veterinarian physio physiotherapist radiographer optician"
    " therapist counsellor counselor psychologist psychiatrist social-worker scientist researcher"
    " lecturer academic librarian curator archivist journalist reporter editor producer presenter"
    " actor actress musician violinist cellist pianist organist singer dancer painter photographer"
    " designer architect surveyor developer programmer coder technician operator machinist fitter"
    " foreman supervisor buyer seller salesman saleswoman rep agent broker trader banker adviser"
    " advisor auditor actuary bookkeeper administrator admin caretaker porter steward stewardess"
    " attendant conductor controller dispatcher courier rider cabbie chauffeur forklift baker"
    " butcher barman barmaid bouncer hairdresser barber beautician tailor seamstress monk nun"
    " novice priest vicar curate pastor chaplain imam rabbi cantor verger headmaster headmistress"
    " headteacher head-teacher principal dean provost governor lifeguard umpire referee jockey"
    " groom trainee cadet recruit lieutenant corporal private undergrad undergraduate postgrad"
    " postgraduate phd masters pupil boarder"
)
"""In the few words before an employer or a school."""
AT = word_set("at for by from to in with")
PARTICLES = word_set(
    "van von de del della da di dos das du al el bin ibn bint la le ter ten den der ben abu mac"
    " mc st san santa o' y e op"
)
SUFFIXES = word_set("jr sr ii iii iv")
