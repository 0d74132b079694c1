"""Every kind of identifier is found, however it is written, and nothing else is."""

from __future__ import annotations

import pytest

from bot.privacy.guard import Kind, Tier, find


def found(text: str) -> dict[str, tuple[Kind, Tier]]:
    """What was found, by its words."""
    return {text[one.start : one.end]: (one.kind, one.tier) for one in find(text)}


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("My client Tunde is late again.", "Tunde", Kind.NAME),
        ("She moved here from Poughkeepsie.", "Poughkeepsie", Kind.LOCATION),
        ("He lives at 12 Kestrel Court, apt 4.", "12 Kestrel Court, apt 4", Kind.LOCATION),
        ("Zip code 59317 has no psychiatrist.", "59317", Kind.LOCATION),
        ("He teaches at Oakridge High School.", "Oakridge High School", Kind.ORG),
        ("She was admitted on March 14th, 2021.", "March 14th, 2021", Kind.DATE),
        ("Intake was 3/22/2019.", "3/22/2019", Kind.DATE),
        ("My 94-year-old client buried her son.", "94-year-old", Kind.AGE),
        ("Call her on (212) 555-0187.", "(212) 555-0187", Kind.PHONE),
        ("She rang my mobile from 07700 900142.", "07700 900142", Kind.PHONE),
        ("Write to 27 Thistle Rise. She hates it.", "27 Thistle Rise", Kind.LOCATION),
        ("She is at Thornwick Valley High School.", "Thornwick Valley High School", Kind.ORG),
        ("The fax came from 212-555-0187.", "212-555-0187", Kind.FAX),
        ("Write to heron@example.org.", "heron@example.org", Kind.EMAIL),
        ("His SSN is 412-68-9031.", "412-68-9031", Kind.SSN),
        ("MRN 0048213 was in the title.", "0048213", Kind.MRN),
        ("Her member ID XEH882910334 was refused.", "XEH882910334", Kind.HEALTHPLAN),
        ("The account 0091-8274 was emptied.", "0091-8274", Kind.ACCOUNT),
        ("Her driver's license D1234567 is gone.", "D1234567", Kind.LICENSE),
        ("The plate is 7KLM482.", "7KLM482", Kind.VEHICLE),
        ("The pump, serial 4410-AB-902, broke.", "4410-AB-902", Kind.DEVICE),
        ("See https://a.example.net/u/heron now.", "https://a.example.net/u/heron", Kind.URL),
        ("The router shows 192.168.4.22.", "192.168.4.22", Kind.IP),
        ("Her fingerprint ID FP-20931 failed.", "FP-20931", Kind.BIOMETRIC),
        ("She sent beach_day.png after.", "beach_day.png", Kind.PHOTO),
        ("The docket, 22-CR-01934, is public.", "22-CR-01934", Kind.OTHER_ID),
        ("She posts as @grey.heron.22 at night.", "@grey.heron.22", Kind.OTHER_ID),
    ],
)
def test_each_kind_is_found_whole(text: str, words: str, kind: Kind) -> None:
    assert found(text)[words][0] is kind
    assert list(found(text)) == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("so siobhan cancelled again", "siobhan"),
        ("**Oluwaseun** hates group", "Oluwaseun"),
        ("it is ||Damaris|| again", "Damaris"),
        ("`Piotr` left", "Piotr"),
        ("I told J\u200bo\u200bh\u200bn no", "J\u200bo\u200bh\u200bn"),
        ("then \u041c\u0430ri\u0430 cried", "\u041c\u0430ri\u0430"),
        ("then Rene\u0301e cried", "Rene\u0301e"),
        ("J o n a t h a n called", "J o n a t h a n"),
        ("client J.M. wept", "J.M."),
        ("client Q. wept", "Q"),
        ("her name is \u201cWillow\u201d and she hates it", "Willow"),
        ("my client will said he hates mornings", "will"),
        ("his number is ５５５-０１４２", "５５５-０１４２"),
        ("call five five five, oh one four two", "five five five, oh one four two"),
        ("maria [at] example [dot] org", "maria [at] example [dot] org"),
        ("<mailto:bob.s@example.com|bob>", "mailto:bob.s@example.com"),
        ("peanut - that's what everyone calls him - is late", "peanut"),
        ("aunt patty raised her", "patty"),
        ("J0hn is my 3pm", "J0hn"),
        ("they call it bob, and her husband bob laughed", "bob"),
        ("worried about robin", "robin"),
        ("Client works at amazon and hates it", "amazon"),
        ("She works at lidl. Nights mostly.", "lidl"),
        ("told grace that it was over", "grace"),
        ("hes in 3rd grade at lincoln and hates it", "lincoln"),
        ("a silver Astra, SN17 KPO, outside", "SN17 KPO"),
        ("Wilhelmina is 97, sharp as a tack", "97"),
        ("moved on 1/10, new school 8/10, silent since 9/10", "8/10"),
        ("jumped at the bus stop at 38th and Post", "38th and Post"),
        ("her son, James, at Bishops, knows nothing", "Bishops"),
        ("his NI number is QQ 31 27 48 C", "QQ 31 27 48 C"),
    ],
)
def test_no_spelling_hides_it(text: str, words: str) -> None:
    assert words in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "<@U02ABCD34> and <@!123456789012345678> talked in <#C123|cases> :wave:",
        "Winnicott, Yalom and Sue Johnson would agree. So would van der Kolk.",
        "PHQ-9 of 14, GAD-7 of 12, C-SSRS negative, PCL-5 down to 44.",
        "Sertraline 150 mg, Lexapro 20, trazodone at night; Abilify made her eat.",
        "On Tuesday at 4 we did EMDR. Next Friday is IFS.",
        "She is 89, he is 34, the kids are 9 and 5; 90 meetings in 90 days.",
        "He grew up in Texas and Nigeria. His English is better than mine.",
        "Zoom froze, so we used FaceTime. CPS and the VA were called.",
        "Stockholm syndrome, the Edinburgh scale, Anna O. and the Wolf Man.",
        "May I ask? Will it get easier? Mark my words: hope helps. Grace is hard.",
        "F43.10, 90837, 504 plan, 988, 12-step, 5 of 7 nights, 9/10 SUDS, 24/7.",
        "The judge case is pending, and the coach hopes he stays.",
        "In March I always get a wave of referrals.",
        "Client A and Mr. X are inventions. So are client A and client B.",
        "Her weighted blanket is called Gary, and she named her anxiety Kevin. Kevin was loud.",
        "I asked ChatGPT, he asked Claude. Bipolar II, 29, on lithium.",
        "Her father would like Mr. Rogers, Lamictal and a Swiftie.",
        "Already redacted: [client] and [partner] moved to [town] in [date 2021].",
    ],
)
def test_what_is_no_identifier_is_left_alone(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Call 212-555-0187.", Tier.BLOCK),
        ("My client Jennifer left.", Tier.BLOCK),
        ("On June 21 he left.", Tier.BLOCK),
        ("He lives on Marbury Street.", Tier.BLOCK),
        ("I asked Zorblat about it.", Tier.ASK),
        ("Mark missed again.", Tier.ASK),
        ("He relapsed last November.", Tier.ASK),
        ("She is the mayor's daughter.", Tier.ASK),
    ],
)
def test_it_is_sure_of_formats_and_asks_about_the_rest(text: str, tier: Tier) -> None:
    assert [one.tier for one in find(text)] == [tier]
