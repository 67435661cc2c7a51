"""What a page's markup becomes: blocks, spans, and what is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audiobook.book import Block, BlockKind, Book, Hint
from audiobook.parsing import from_flags
from parsing_books.epubs import EpubMaker, page

Blocks = Callable[..., list[Block]]
Read = Callable[..., Book]
FILL = "<p>The lamp burned low in the window all night long.</p>"


def texts(found: list[Block]) -> list[str]:
    return [block.text for block in found]


def test_white_space_is_folded_across_inline_elements(blocks: Blocks) -> None:
    assert texts(blocks("<p> One <b>two </b> <i> three</i>\n\t four </p>")) == ["One two three four"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>left<br/>right</p>", ["left\nright"]),
        ("<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("<ul><li>one</li><li>two</li></ul>", ["one", "two"]),
        ("<p>in<b>side</b>r</p>", ["insider"]),
    ],
)
def test_words_are_never_glued_and_never_torn(blocks: Blocks, body: str, expected: list[str]) -> None:
    assert texts(blocks(body)) == expected


def test_two_line_breaks_part_paragraphs(blocks: Blocks) -> None:
    found = blocks("<p>The first of them is this.<br/><br/>The second one follows here.</p>")
    assert [block.kind for block in found] == [BlockKind.PARAGRAPH] * 2


def test_soft_hyphens_joiners_and_ligatures_are_healed(blocks: Blocks) -> None:
    assert texts(blocks("<p>har\u00adbour\u2060, \ufb01re,\u00a0\ufeffair</p>")) == ["harbour, fire, air"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p><span class="dropcap">T</span>he lamp.</p>', "The lamp."),
        ('<p><span class="dropcap">T</span> he lamp.</p>', "The lamp."),
        ('<p><span class="dropcap">A</span> lamp.</p>', "A lamp."),
        ("<div>T</div><p>he lamp was lit.</p>", "The lamp was lit."),
    ],
)
def test_drop_caps_go_back_to_their_word(blocks: Blocks, body: str, expected: str) -> None:
    assert texts(blocks(body)) == [expected]


def test_powers_and_formulas_are_kept_and_note_marks_are_not(read: Read) -> None:
    body = (
        "<p>It took 10<sup>3</sup> drops of H<sub>2</sub>O on the 2<sup>nd</sup> day.<sup>7</sup> "
        'Then<a href="#n1"><sup>1</sup></a> rain, 1,000 drops.</p>'
        '<aside epub:type="footnote" id="n1"><p>Heavy rain.</p></aside>'
    )
    book = read(EpubMaker({"p0.xhtml": page(body)}))
    assert book.chapters[0].text == "It took 10³ drops of H₂O on the 2nd day. Then rain, 1,000 drops."
    assert [part.text for part in book.skipped if part.reason == "note mark"] == ["7", "1"]
    assert [part.text for part in book.skipped if part.reason == "note"] == ["Heavy rain."]


def test_page_numbers_are_left_out_in_the_middle_of_a_word(read: Read) -> None:
    body = (
        '<p>The har<span epub:type="pagebreak" id="pg7">7</span>bour <span class="pagenum">[Pg'
        " 8]</span>slept.</p>"
    )
    book = read(EpubMaker({"p0.xhtml": page(body)}))
    assert book.chapters[0].text == "The harbour slept."
    assert [part.text for part in book.skipped if part.reason == "page number"] == ["7", "[Pg 8]"]


def test_hidden_text_is_listed_and_not_spoken(read: Read) -> None:
    head = "<style>.gone { display: none } @media screen { p { display: none } }</style>"
    body = '<p>Seen.</p><p hidden="">One</p><p style="display: none">Two</p><p class="gone">Three</p>'
    book = read(EpubMaker({"p0.xhtml": page(body, head)}))
    assert book.chapters[0].text == "Seen."
    assert [part.text for part in book.skipped if part.reason == "hidden"] == ["One", "Two", "Three"]


def test_a_style_of_its_own_shows_what_a_class_hides(blocks: Blocks) -> None:
    head = "<style>.gone { display: none }</style>"
    assert texts(blocks('<p class="gone" style="display:block">Seen.</p>', head=head)) == ["Seen."]


def test_no_style_sheet_hides_a_poem(blocks: Blocks) -> None:
    head = "<style>.stanza { display: none }</style>"
    assert texts(blocks('<p class="stanza">One line</p>', head=head)) == ["One line"]


@pytest.mark.parametrize(
    "ornament",
    [
        "<hr/>",
        "<p>* * *</p>",
        "<p>⁂</p>",
        "<p>#</p>",
        '<p class="scene-break"></p>',
        "<p>&#160;</p>",
        "<p>— — —</p>",
    ],
)
def test_scene_breaks_are_found_in_every_disguise(blocks: Blocks, ornament: str) -> None:
    kinds = [block.kind for block in blocks(FILL + ornament + FILL)]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.SCENE_BREAK, BlockKind.PARAGRAPH]


def test_empty_paragraphs_between_all_paragraphs_are_only_layout(blocks: Blocks) -> None:
    found = blocks((FILL + "<p> </p>") * 8)
    assert {block.kind for block in found} == {BlockKind.PARAGRAPH}


def test_a_scene_break_stands_neither_first_nor_last_nor_twice(blocks: Blocks) -> None:
    kinds = [block.kind for block in blocks("<hr/>" + FILL + "<hr/><hr/>" + FILL + "<hr/>")]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.SCENE_BREAK, BlockKind.PARAGRAPH]


def test_blocks_have_their_kind(blocks: Blocks) -> None:
    body = (
        "<blockquote><p>Quoted words.</p></blockquote><ul><li>first<ul><li>deeper</li></ul></li></ul>"
        '<pre><code>print(1)</code></pre><div class="letter"><p>Dear Ada,</p></div>'
        "<figure><figcaption>A lamp.</figcaption></figure>" + FILL
    )
    found = [(block.kind, block.text, block.level) for block in blocks(body)][:-1]
    assert found == [
        (BlockKind.QUOTATION, "Quoted words.", 0),
        (BlockKind.LIST_ITEM, "first", 1),
        (BlockKind.LIST_ITEM, "deeper", 2),
        (BlockKind.CODE, "print(1)", 0),
        (BlockKind.LETTER, "Dear Ada,", 0),
        (BlockKind.FIGURE, "A lamp.", 0),
    ]


@pytest.mark.parametrize(
    "poem",
    [
        (
            '<div class="poem"><div class="stanza"><div>Low burns the lamp</div><div>and high the'
            " sea</div></div></div>"
        ),
        (
            '<blockquote epub:type="z3998:verse"><p><span>Low burns the lamp</span><br/><span>and high the'
            " sea</span></p></blockquote>"
        ),
        "<p>Low burns the lamp<br/>and high the sea</p>",
    ],
)
def test_verse_keeps_its_lines(blocks: Blocks, poem: str) -> None:
    found = blocks(poem)
    assert [(block.kind, block.text) for block in found] == [
        (BlockKind.VERSE, "Low burns the lamp\nand high the sea")
    ]


TABLE = "<table><tr><th>Name</th><th>Age</th></tr><tr><td>Ada</td><td>7</td></tr></table>" + FILL


def test_tables_are_read_by_row(blocks: Blocks) -> None:
    assert texts(blocks(TABLE))[:2] == ["Name, Age", "Ada, 7"]


def test_tables_can_repeat_their_headers_or_be_skipped(blocks: Blocks) -> None:
    assert texts(blocks(TABLE, from_flags(tables="headers")))[0] == "Name: Ada, Age: 7"
    assert len(blocks(TABLE, from_flags(tables="skip"))) == 1


def test_a_table_that_lays_out_a_page_is_read_as_text(blocks: Blocks) -> None:
    assert texts(blocks("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>")) == ["One.", "Two."]


def test_a_play_in_a_table_names_its_speakers(blocks: Blocks) -> None:
    body = '<table><tr><td epub:type="z3998:persona">Ada.</td><td>Put out the lamp.</td></tr></table>'
    assert [(block.kind, block.text, block.speaker) for block in blocks(body)] == [
        (BlockKind.PARAGRAPH, "Ada.", ""),
        (BlockKind.PARAGRAPH, "Put out the lamp.", "Ada"),
    ]


def test_cells_are_parted_by_commas_whatever_the_source_looks_like(blocks: Blocks) -> None:
    assert texts(blocks("<table>\n<tr>\n<td>Ada</td>\n<td>7.</td>\n<td>x</td>\n</tr>\n</table>")) == [
        "Ada, 7. x"
    ]


def test_pictures_are_spoken_on_demand_and_listed_otherwise(read: Read) -> None:
    maker = EpubMaker(
        {"p0.xhtml": page(FILL + '<p><img src="a.png" alt="A lamp on a sill."/></p><img src="b.png"/>')}
    )
    book = read(maker)
    assert [(part.reason, part.text) for part in book.skipped if "image" in part.reason] == [
        ("image without words", ""),
        ("image", "A lamp on a sill."),
    ]
    spoken = read(maker, from_flags(figures="alt")).chapters[0].blocks[-1]
    assert (spoken.kind, spoken.text) == (BlockKind.FIGURE, "A lamp on a sill.")


def test_a_picture_inside_a_sentence_is_a_part_of_it(blocks: Blocks) -> None:
    assert texts(blocks('<p><img src="t.png" alt="T"/>he lamp.</p>')) == ["The lamp."]


def test_ruby_gives_the_reading_and_is_not_spoken_twice(blocks: Blocks) -> None:
    span = blocks("<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby></p>")[0].spans[0]
    assert (span.text, span.alias) == ("漢字", "かんじ")


def test_foreign_words_carry_their_language(blocks: Blocks) -> None:
    spans = blocks('<p>She said <i xml:lang="fr">bonjour</i> to <i lang="en-US">him</i>.</p>')[0].spans
    assert [(span.text, span.language) for span in spans if span.language] == [("bonjour", "fr")]


def test_semantic_marks_become_hints(blocks: Blocks) -> None:
    body = (
        '<p>Louis <span epub:type="z3998:roman">XIV</span>, <abbr>Mr.</abbr> Quill, '
        '<abbr epub:type="z3998:initialism">B.B.C.</abbr>, <abbr class="eoc">etc.</abbr> <em>Well!</em></p>'
    )
    hints = [(span.text, span.hint) for span in blocks(body)[0].spans if span.hint]
    assert hints == [
        ("XIV", Hint.ROMAN),
        ("Mr.", Hint.ABBREVIATION),
        ("B.B.C.", Hint.INITIALISM),
        ("etc.", Hint.ABBREVIATION_END),
        ("Well!", Hint.EMPHASIS),
    ]


def test_phonemes_are_passed_on_as_ipa(blocks: Blocks) -> None:
    body = '<p><i ssml:ph="l{mp" ssml:alphabet="x-sampa">lamp</i> <i ssml:ph="siː">sea</i></p>'
    assert [span.phonemes for span in blocks(body)[0].spans if span.phonemes] == ["læmp", "siː"]


def test_a_pls_lexicon_gives_whole_words_their_pronunciation(read: Read) -> None:
    lexicon = (
        '<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"'
        ' alphabet="ipa"><lexeme><grapheme>Quill'
        "</grapheme><phoneme>kwɪl</phoneme></lexeme><lexeme><grapheme>St.</grapheme><alias>Saint</alias></lexeme></lexicon>"
    )
    head = '<link rel="pronunciation" type="application/pls+xml" href="words.pls"/>'
    maker = EpubMaker(
        {"p0.xhtml": page("<p>Quill met St. Anne, not Quillon.</p>", head)}, files={"OPS/words.pls": lexicon}
    )
    spans = read(maker).chapters[0].blocks[0].spans
    assert [(s.text, s.phonemes, s.alias) for s in spans if s.phonemes or s.alias] == [
        ("Quill", "kwɪl", ""),
        ("St.", "", "Saint"),
    ]


def test_forms_and_scripts_are_not_read(read: Read) -> None:
    book = read(
        EpubMaker({"p0.xhtml": page(FILL + "<script>var x</script><select><option>Pick</option></select>")})
    )
    assert "Pick" not in book.chapters[0].text and "var" not in book.chapters[0].text
    assert [part.text for part in book.skipped if part.reason == "form"] == ["Pick"]


def test_the_place_in_the_source_is_file_and_line(blocks: Blocks) -> None:
    assert blocks("<p>One.</p>\n\n<p>Two.</p>")[1].where == "OPS/p0.xhtml:4"
