"""`jibao verify-bulletin` computes every number of a page again, from the page alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import Lang, escape, in_words, out, require_file


@in_words
def verify_bulletin(
    files: Annotated[list[Path], typer.Argument(help="Pages, e.g. index.html.")],
    key: Annotated[
        str | None,
        typer.Option(
            help="The office's public key; that of this installation, where there is one."
        ),
    ] = None,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Be content with a page that nobody signed.")
    ] = False,
    lang: Annotated[Lang, typer.Option(help="Language of the answer.")] = Lang.zh,
) -> None:
    """Hold pages against their own proof; neither warehouse nor network is needed.

    Exit codes:
    0  every number follows from the cells in the page, and the signature is right;
    1  something is not as it should be;
    2  the file cannot be read.
    """
    from flows.publish.bulletin_check import check_page
    from flows.publish.signing import key_path, open_key, public_part

    own = open_key(key_path()) if key is None else None
    expected = key or (None if own is None or unsigned else public_part(own))
    is_wrong = False
    for file in files:
        require_file(file)
        report = check_page(file.read_bytes(), expected, unsigned=unsigned)
        for fault in report.discrepancies:
            problem = fault.zh if lang is Lang.zh else fault.en
            subject = f"  {fault.subject}" if fault.subject else ""
            out.print(
                f"[red]✕[/] {escape(str(file))}  {fault.check}{escape(subject)}: {escape(problem)}",
                soft_wrap=True,
            )
        is_wrong = is_wrong or bool(report.discrepancies)
        if report.discrepancies:
            continue
        signed = {
            Lang.zh: f"由 {report.public_key} 签名" if report.public_key else "未签名",
            Lang.en: f"signed by {report.public_key}" if report.public_key else "not signed",
        }[lang]
        unknown = {
            Lang.zh: "；请核对这是否该机构公布的公钥",
            Lang.en: "; see that this is the key that the office gave out",
        }[lang]
        numbers = {
            Lang.zh: f"{report.numbers} 个数全部由所附单元格算出",
            Lang.en: f"all of {report.numbers} numbers follow from the cells in it",
        }[lang]
        warning = unknown if report.public_key and expected is None else ""
        out.print(f"[green]✓[/] {escape(str(file))}  {numbers}; {signed}{warning}", soft_wrap=True)
    raise typer.Exit(1 if is_wrong else 0)
