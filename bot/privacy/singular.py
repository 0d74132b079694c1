"""What singles one person out: names in games and networks, and roles that only one person has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.identifier import Identifier, Kind, Tier

_HANDLE = re.compile(
    r"(?<![\w@.+/-])@(?!(?:here|everyone|channel|group)\b)[A-Za-z0-9_](?:[\w.-]{1,38}\w)"
)
_USER = re.compile(r"(?<![\w/])/?u/[\w-]{3,30}(?!\w)")
_TAG = re.compile(r"(?<![\w#])[A-Za-z][\w.-]{2,31}#\d{4}(?!\d)")
_CALLED = re.compile(
    r"\b(?:gamer ?tag|user ?name|screen ?name|handle|psn|xbox(?: live)?|steam|twitch|insta"
    r"(?:gram)?|ig|snap(?:chat)?|tik ?tok|discord|twitter|reddit|tumblr|onlyfans|venmo|cash"
    r" ?app|kik|roblox|minecraft|fortnite|finsta|alt)"
    r"(?: (?:account|name|handle|user ?name|id|profile|page|alt))?(?:\s?(?:is|was|:|=|as|called"
    r"|named)\s?|\s(?=[\w.]*[_\d][\w.]*))[\"'(]?(?P<name>[\w$][\w.$-]{2,30}\w)",
    re.I,
)
_GO_BY = re.compile(
    r"\b(?:goes by|posts as|streams as|plays as|online as|posting as|account called|page called"
    r"|channel called|blogs as|known online as|writes as|username)\s[\"'(]?"
    r"(?P<name>[\w$][\w.$-]{2,30}\w)[\"')]?",
    re.I,
)
_UNDERSCORED = re.compile(
    r"(?<![\w./@:#-])(?=[\w.]*_)(?=\w*[A-Za-z])[A-Za-z0-9][\w.]{3,40}[A-Za-z0-9](?![\w@/]|\.\w)"
)
_OFFICE = (
    r"mayor|sheriff|governor|congress(?:man|woman|person)|senator|state rep"
    r"(?:resentative)?|police chief|chief of police|fire chief|superintendent|head"
    r" ?master|headmistress|district attorney|bishop|archbishop|imam|ambassador|consul"
    r"|attorney general|prime minister|president of the (?:school|bank|college|university"
    r"|club|union|tribe|nation|hoa)|tribal (?:chief|chair(?:man|woman|person)?|council\w*|elder)"
    r"|town (?:doctor|clerk|manager)|village"
    r" doctor|anchor(?:man|woman)|weather(?:man|girl)|(?:head|football|varsity) coach"
    r"|school principal|mp|county (?:judge|commissioner)|city council(?:man|woman|or|lor)"
    r"|postmaster|harbou?rmaster|fire marshal|coroner|lord mayor|chancellor|dean of "
    r"(?:the )?(?:law|medical|business)? ?(?:school|college|faculty)"
)
_SOMEBODY = (
    r"(?!step|thing|time|way|take|human|going|became|need|want|option|place|session|goal|task"
    r"|job|hope"
    r"|chance|line|priority|ha[sdv]|be\b|c[ao]me|start|to\b|ones?\b|if\b|when|because|after"
    r"|before|that\b"
    r"|in\b|an?\b|the\b|ma[kd]e|conversation|person to|partner|by\b|it\b|on\b|for\b|between"
    r"|during|while|with|at\b|from\b)"
)
"""What may follow "the only" where it is about a person."""
_UNIQUE = tuple(
    re.compile(form, re.I)
    for form in (
        rf"\b(?:the|our|a|former|ex-?|retired|current|acting|local|town|city|county)[\s-](?:"
        rf"(?:former|ex|retired|current|acting|local|town|city|county|small-town|sitting|deputy"
        rf"|late|town's|city's|county's)[\s-])*(?:{_OFFICE})(?:'s (?:\w+ )?(?:wife|husband|son"
        rf"|daughter|kid|child|sister|brother|mother|father|ex|ex-wife|partner|niece|nephew"
        rf"|assistant|secretary|mistress|lover|widow|spouse))?\b",
        rf"\b(?:the )?(?:only|first|sole|lone|youngest|oldest|last|tallest) {_SOMEBODY}(?!one\b"
        rf"|time\b"
        r"|thing\b|child\b|kid\b|person (?:i|she|he|who)\b|way\b|session\b|reason\b|place\b"
        r"|baby\b|son\b|daughter\b|grandchild\b|sibling\b|two\b|three\b|few\b|of (?:the|her|his"
        r"|their|my|our|six|five|four|three)\b)(?:(?!was\b|were\b|is\b|are\b|been\b|done\b|did\b"
        r"|said\b|it\b)[\w'-]+ ){1,6}?(?:in|on|at|of|from) (?:the"
        r"|his|her|their|its|that|this|our) (?:(?:whole|entire|small|tiny|rural|local|little)"
        r" )?(?:town|village|county|state|school|department|unit|precinct|firm|office|company"
        r"|region|country|district|squad|team|force|city|parish|congregation|hospital|class"
        r"|grade|department|field|diocese|island|valley|reservation|tribe|community|station"
        r"|battalion|regiment|faculty|program|league|crew|harbou?r|port|factory|plant|mine|ward"
        r"|practice"
        r"|borough|suburb|street|estate|farm|mosque|synagogue|temple|parish|choir|band|club|ship"
        r"|boat)\b",
        r"\b(?:the |our )?(?:one|only) [\w' -]{3,30} (?:our|the|this|that) (?:town|village"
        r"|county|school"
        r"|island|city|company|team|station|valley) (?:has |had |'s )?ever (?:had|saw|seen"
        r"|elected|made)\b",
        rf"\b(?:first|only|youngest|oldest) {_SOMEBODY}(?:[\w'-]+ ){{0,5}}(?:to (?:ever )?(?:win"
        rf"|play|become"
        r"|be|fly|climb|swim|hold|serve|graduate|receive|represent|walk|survive|lead|run|make"
        r"|join)|ever to|elected|ordained|appointed)\b(?: [\w'-]+){0,4}",
        r"\b(?:first|only) (?:\w+ )?(?:woman|man|girl|boy|female|male|person) to (?!come\b"
        r"|tell\b|ask\b|say\b"
        r"|call\b|see\b|know\b|listen|notice|believe)\w+(?: [\w'-]+){0,3}",
        r"\b(?:the )?only (?:one|girl|boy) of (?:the|his|her|their) (?:\w+ )?(?:sisters|brothers"
        r"|siblings"
        r"|cousins|children|kids) (?:who|that|to) \w+(?: [\w'-]+){0,3}",
        r"\b(?:the )?(?:minister|pastor|priest|vicar|rabbi|imam|chief|mayor|doctor|headmaster"
        r"|headteacher"
        r"|principal|sheriff|judge|laird|bishop)'s (?:only|eldest|oldest|youngest|eldest) (?:son"
        r"|daughter"
        r"|child|boy|girl|grandson|granddaughter)\b",
        r"\b(?:former |ex-|reigning |current )?(?:miss|mr|mrs|ms) (?:teen |junior )?(?:usa"
        r"|america|universe|world|state fair|rodeo|alabama|alaska|arizona|arkansas|california"
        r"|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa"
        r"|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota"
        r"|mississippi|missouri|montana|nebraska|nevada|new \w+|north \w+|south \w+|ohio"
        r"|oklahoma|oregon|pennsylvania|rhode island|tennessee|texas|utah|vermont|virginia"
        r"|washington|west virginia|wisconsin|wyoming)\b",
        r"\b(?:(?:former|ex|retired|two-time|three-time|one-time|current)[ -])?(?:olympi(?:an|c"
        r" (?:\w+ )?(?:medal\w*|swimmer|gymnast|athlete|skater|runner|skier))|gold medal"
        r"(?:l?ist)|world champion|state champion|nba player|nfl player|nba star|nfl star|mlb "
        r"(?:player|pitcher)|premier league \w+|astronaut|nobel \w+|pulitzer \w+"
        r"|oscar[- ]winn\w+|oscar winner|grammy[- ]winn\w+|emmy[- ]winn\w+|emmy winner|medal of"
        r" honor \w+|lottery winner|supreme court justice|child (?:star|actor)|reality (?:tv"
        r" )?star|pop star|rock star's \w+|(?:local )?(?:tv|news|radio) (?:anchor|host"
        r"|personality|weatherman|presenter)|bachelor(?:ette)? contestant|american idol \w+"
        r"|beauty queen|homecoming queen|prom queen|poet laureate)\b",
        r"\bwon (?:the )?(?:lottery|powerball|mega millions|an? (?:olympic|oscar|emmy|grammy"
        r"|pulitzer|nobel)[\w ]{0,20}|jeopardy|survivor|the bachelor\w*|american idol|the voice"
        r"|big brother|the spelling bee|state(?: championships?)?)\b",
        r"\b(?:was|been|were|is) (?:all over|on|in) (?:the )?(?:(?:local|national|evening|front"
        r" page of the|six o'clock) )?(?:news|front page|papers?|headlines)\b|\bmade (?:the )?"
        r"(?:local |national )?(?:news|headlines|papers)\b|\bwent viral\b",
        r"\bheir(?:ess)? to (?:the )?[\w'-]+(?: [\w'-]+)?(?: fortune| family| empire)?"
        r"|\bnamesake of the\b|\bfamous for \w+|\b(?:his|her|their) (?:father|mother"
        r"|grandfather|husband|wife|dad|mom) (?:founded|invented|owns the (?:only|local)|runs"
        r" the (?:only|local)|is the (?:pastor|priest|rabbi|judge|doctor|vet|principal) (?:of"
        r"|at|in) (?:the|their|our|her|his) [\w ]{3,20})",
    )
)


def singular(text: str) -> Iterator[Identifier]:
    """Names people give themselves, and what only one person can be."""
    for form in (_HANDLE, _USER, _TAG):
        for found in form.finditer(text):
            yield Identifier(
                Kind.OTHER_ID, found.start(), found.end(), Tier.BLOCK, "a name in a network"
            )
    for form in (_CALLED, _GO_BY):
        for found in form.finditer(text):
            if _made_up(found.group("name")):
                yield Identifier(
                    Kind.OTHER_ID, *found.span("name"), Tier.BLOCK, "a name in a network"
                )
    if "_" in text:
        for found in _UNDERSCORED.finditer(text):
            yield Identifier(
                Kind.OTHER_ID, found.start(), found.end(), Tier.ASK, "could be a name in a network"
            )
    for form in _UNIQUE:
        for found in form.finditer(text):
            yield Identifier(
                Kind.OTHER_ID, found.start(), found.end(), Tier.ASK, "what only one person is"
            )


def _made_up(name: str) -> bool:
    """Whether it is no plain word: a sign, a digit or a capital inside."""
    return bool(re.search(r"[\d_.$]|[a-z][A-Z]", name)) and not re.fullmatch(
        r"\d{1,3}|\d+-\w+|[\d.]+", name
    )
