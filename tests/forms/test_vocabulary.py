"""The vocabulary: every word does one thing, and docs/reading.md says which."""

from __future__ import annotations

import re

import pytest

from flows.forms.catalogue import load_catalogue
from flows.forms.vocabulary import Context, VocabularyEntry, load_vocabulary, read_remark
from flows.model import quantity_words
from flows.model.period import Period
from flows.model.text import clean
from tests.kept import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reading.md").read_text(encoding="utf-8")


def row_of(entry: VocabularyEntry) -> str:
    """The line of the page that is about an entry."""
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| {entry.means.zh} · ")]
    return row


@pytest.mark.parametrize("entry", load_vocabulary(), ids=lambda e: e.means.en)
def test_the_page_lists_every_word_and_what_it_does(entry: VocabularyEntry) -> None:
    row = row_of(entry)
    _, means, words, note, _ = re.split(r"(?<!\\)\|", row)
    assert means.strip() == f"{entry.means.zh} · {entry.means.en}"
    listed, _, patterns = words.strip().partition("patterns ")
    assert [w for w in listed.strip().split("、") if w] == list(entry.words)
    assert re.findall(r"`([^`]+)`", patterns.replace("\\|", "|")) == list(entry.patterns)
    assert ("stays in the note" in note) == entry.noted
    kept, other = PAGE.index("## Kept"), PAGE.index("## Another meaning")
    assert (kept < PAGE.index(row) < other) == (entry.class_ == "kept")


def test_the_page_lists_every_qualifier_and_missing_mark() -> None:
    for word, meaning in (quantity_words.BEFORE | quantity_words.AFTER).items():
        assert re.search(rf"^\| `{meaning}` \|.*{re.escape(word)}", PAGE, re.M), word
    for mark, status in quantity_words.MISSING_MARKS.items():
        said = f"`{mark or '(blank)'}`"
        assert re.search(rf"^\| `{status}` \|.*{re.escape(said)}", PAGE, re.M), mark


def test_no_word_is_in_both_classes_for_the_same_figures() -> None:
    seen: dict[tuple[str, str], str] = {}
    for entry in load_vocabulary():
        if entry.lines:
            continue
        for word in entry.words:
            for of in entry.of:
                other = seen.setdefault((clean(word).lower(), of), entry.class_)
                assert other == entry.class_, word


@pytest.mark.parametrize("entry", load_vocabulary(), ids=lambda e: e.means.en)
def test_every_word_is_read_as_its_class(entry: VocabularyEntry) -> None:
    form = load_catalogue()["gdp"]
    for of in entry.of:
        if entry.price or entry.lines or of == "other":
            continue
        for word in entry.words:
            [remark, *_] = read_remark(word, Context(form, Period(2022, 3), "heading", of))
            assert remark.kind == entry.class_, (word, of, remark)
