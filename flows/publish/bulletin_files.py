"""The files beside a bulletin's page: the text alone, DOCX and PDF, each in two languages.

A PDF takes a core some twenty milliseconds and a DOCX four, so that many of them are made by
the workers that read files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.publish.bulletin_document import Document, arrange_document
from flows.publish.bulletin_numbers import plain
from flows.publish.bulletin_parts import LANGUAGES, BulletinParts, arrange
from flows.publish.bulletin_pdf import NoChineseFontError, chinese_font, write_pdf
from flows.warehouse.own_faults import Spare, spare_nothing

FEW = 24  # up to so many take no longer here than a worker to start


def file_names(with_pdf: bool) -> list[str]:
    """What stands beside each page."""
    suffixes = ("txt", "docx", "pdf") if with_pdf else ("txt", "docx")
    return [f"bulletin.{lang}.{suffix}" for lang in LANGUAGES for suffix in suffixes]


FORMATS = (".txt", ".md", ".docx", ".pdf")


def render_file(parts: BulletinParts, lang: str, suffix: str, public_key: str | None) -> bytes:
    """A bulletin in a language as one of FORMATS. Raises NoChineseFontError."""
    if suffix == ".txt":
        return plain(parts.texts[lang]).encode()
    if suffix == ".md":
        return _to_markdown(plain(parts.texts[lang])).encode()
    document = arrange_document(parts, lang, public_key)
    return write_pdf(document) if suffix == ".pdf" else _docx(document)


def _to_markdown(text: str) -> str:
    title, sections, notes = arrange(text)
    blocks = [f"# {title}"]
    for heading, sentences in sections:
        blocks += [f"## {heading}", *sentences]
    return "\n\n".join((*blocks, *notes)) + "\n"


def _docx(document: Document) -> bytes:
    from flows.publish.bulletin_docx import write_docx  # takes as long to import as to start

    return write_docx(document)


def can_write_pdf() -> bool:
    """Whether this machine has a font for Chinese."""
    try:
        return bool(chinese_font())
    except NoChineseFontError:
        return False


def write_documents(
    jobs: Iterable[tuple[Document, Path]],
    with_pdf: bool,
    spare: Spare = spare_nothing,
    many: bool = False,
) -> None:
    """DOCX and PDF of each document into its folder; one on which a worker fails is tried here.

    `many`: whether there are too many for this process alone. Workers then write while `jobs` is
    still being made.
    """
    calls: list[tuple[Document, Path, bool]] = []

    def note() -> Iterator[tuple[Document, Path, bool]]:
        for document, folder in jobs:
            calls.append((document, folder, with_pdf))
            yield calls[-1]

    if many:
        from flows.read.isolation import Fault, call_in_workers  # a run with nothing new needs none

        results = list(call_in_workers(_write, note()))
        failed = [
            call for call, result in zip(calls, results, strict=True) if isinstance(result, Fault)
        ]
    else:
        failed = list(note())
    for document, folder, _ in failed:
        with spare(f"{folder.parent.name}/{folder.name}/bulletin.{document.lang}"):
            _write(document, folder, with_pdf)


def _write(document: Document, folder: Path, with_pdf: bool) -> None:
    stem = f"bulletin.{document.lang}"
    (folder / f"{stem}.docx").write_bytes(_docx(document))
    if with_pdf:
        (folder / f"{stem}.pdf").write_bytes(write_pdf(document))
