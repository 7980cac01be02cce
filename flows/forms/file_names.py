"""The words that people put in the names of files, from `_file_names.toml`."""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from flows.forms.form import FORMS_DIR, Form
from flows.forms.words import Strict

FILE_NAMES = FORMS_DIR / "_file_names.toml"


class NameWords(Strict):
    """The vocabulary: three classes of words, and what forms are called beside their titles."""

    harmless: tuple[str, ...]
    revised: tuple[str, ...]
    other: tuple[str, ...]
    synonyms: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Meaning:
    """What a word of a name stands for: `form` or `zone` with its code, or a class of words."""

    kind: str
    code: str = ""


@functools.cache
def name_words() -> NameWords:
    """The vocabulary of `forms/_file_names.toml`."""
    return NameWords.model_validate(tomllib.loads(FILE_NAMES.read_text(encoding="utf-8")))


def fold(text: str) -> str:
    """A name for comparison: half-width, lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of_forms(catalogue: Mapping[str, Form]) -> dict[str, Meaning]:
    """Every name a form is known by: its code, its titles, and the synonyms of the vocabulary."""
    words = {}
    for code, form in catalogue.items():
        named = (code, form.title.zh, form.title.en, *name_words().synonyms.get(code, ()))
        short = form.title.zh.removesuffix("情况")
        for word in (*named, short):
            words[fold(word)] = Meaning("form", code)
    return words


def words_of_classes() -> dict[str, Meaning]:
    """The words that name neither form nor zone."""
    vocabulary = name_words()
    return {
        fold(word): Meaning(kind)
        for kind in ("harmless", "revised", "other")
        for word in getattr(vocabulary, kind)
    }
