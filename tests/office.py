"""LibreOffice, where it is installed: it opens a file as an office does, and gives it back in another format."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SOFFICE = shutil.which("soffice")
# a machine may have the spreadsheets and not the texts
_PROGRAMS = Path(SOFFICE).resolve().parent if SOFFICE else Path("/nowhere")
HAS_CALC = (_PROGRAMS / "libsclo.so").exists()
HAS_WRITER = (_PROGRAMS / "libswlo.so").exists()


def convert(source: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another format, in `folder`, which has its profile too."""
    command = [
        str(SOFFICE), "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind,
        "--outdir", str(folder / "saved"), str(source),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "saved" / f"{source.stem}.{kind.partition(':')[0]}"
