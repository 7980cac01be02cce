"""What a file really is, by its first bytes and not by its name.

In: the bytes of a file. Out: whether a workbook or text is to be read from them, or
`UnreadableError` with words that say what was sent instead.
"""

from __future__ import annotations

import io
import re
import zipfile

from flows.model.errors import UnreadableError

ARCHIVE, COMPOUND = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # of XLSX and ODS; of XLS and of a protected XLSX


PROTECTED = ("工作簿有打开密码", "the workbook is protected by a password")
DAMAGED = (
    "不是完好的工作簿（可能没有传完）",
    "it is not a sound workbook; the copy may be incomplete",
)

_FOREIGN = (
    (b"\x89PNG", "这是一张图片（PNG），不是表格", "it is a picture (PNG), not a spreadsheet"),
    (
        b"\xff\xd8\xff",
        "这是一张图片（JPEG），不是表格",
        "it is a picture (JPEG), not a spreadsheet",
    ),
    (b"GIF8", "这是一张图片（GIF），不是表格", "it is a picture (GIF), not a spreadsheet"),
    (b"II*\0", "这是一张图片（TIFF），不是表格", "it is a picture (TIFF), not a spreadsheet"),
    (b"%PDF", "这是 PDF 文件，不是表格", "it is a PDF document, not a spreadsheet"),
    (b"{\\rtf", "这是 RTF 文档，不是表格", "it is an RTF document, not a spreadsheet"),
    (b"Rar!", "这是压缩包（RAR），不是表格", "it is an archive (RAR), not a spreadsheet"),
    (b"7z\xbc\xaf", "这是压缩包（7z），不是表格", "it is an archive (7z), not a spreadsheet"),
    (b"\x1f\x8b", "这是压缩包（gzip），不是表格", "it is an archive (gzip), not a spreadsheet"),
    (
        b"SQLite format 3",
        "这是数据库文件（SQLite），不是表格",
        "it is a database (SQLite), not a spreadsheet",
    ),
    (b"PAR1", "这是 Parquet 文件，不是表格", "it is a Parquet file, not a spreadsheet"),
)
# what the parts of an archive, or the streams of a compound file, say of it
_PARTS = (
    (
        "word/document.xml",
        "这是 Word 文档（DOCX），不是表格",
        "it is a Word document (DOCX), not a spreadsheet",
    ),
    (
        "ppt/presentation.xml",
        "这是演示文稿（PPTX），不是表格",
        "it is a presentation (PPTX), not a spreadsheet",
    ),
)
_BINARY_WORKBOOK = (
    "xl/workbook.bin",
    "这是二进制工作簿（XLSB），读不出它的数字格式",
    "it is a binary workbook (XLSB), whose number formats cannot be read",
)
_STREAMS = (
    ("EncryptedPackage", *PROTECTED),
    (
        "WordDocument",
        "这是 Word 文档（DOC），不是表格",
        "it is a Word document (DOC), not a spreadsheet",
    ),
    (
        "PowerPoint Document",
        "这是演示文稿（PPT），不是表格",
        "it is a presentation (PPT), not a spreadsheet",
    ),
)


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a workbook's; False leaves them to be read as text. Raises
    UnreadableError.
    """
    for mark, zh, en in _FOREIGN:
        if content.startswith(mark):
            raise UnreadableError("FILE-FORMAT", zh, en)
    if content.startswith(ARCHIVE):
        _refuse_other_archives(content)
        return True
    if content.startswith(COMPOUND):
        for stream, zh, en in _STREAMS:
            if stream.encode("utf-16-le") in content:
                raise UnreadableError("FILE-FORMAT", zh, en)
        return True
    return False


def _refuse_other_archives(content: bytes) -> None:
    """A workbook is an archive of parts; one with other parts is something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableError("FILE-FORMAT", *DAMAGED) from error
    for part, zh, en in (*_PARTS, _BINARY_WORKBOOK):
        if part in names:
            raise UnreadableError("FILE-FORMAT", zh, en)
    if not names & {"content.xml", "[Content_Types].xml"} and not any(
        name.startswith("xl/") for name in names
    ):
        zh, en = (
            "这是压缩包（ZIP），不是表格；请解压后报送里面的文件",
            "it is an archive (ZIP); send the file inside it",
        )
        raise UnreadableError("FILE-FORMAT", zh, en)


def refuse_markup(text: str) -> None:
    """Text that is a page or a document in mark-up. Raises UnreadableError."""
    start = text.lstrip("\ufeff \t\r\n")[:400].lower()
    if (
        start.startswith("<?xml")
        and "urn:schemas-microsoft-com:office:spreadsheet" in text[:2000].lower()
    ):
        raise UnreadableError(
            "FILE-FORMAT",
            "这是“XML 表格 2003”，不是表格文件",
            "it is an “XML Spreadsheet 2003”, not a spreadsheet file",
        )
    if start.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise UnreadableError(
            "FILE-FORMAT",
            "这是存成表格扩展名的网页",
            "it is a web page saved under a spreadsheet's name",
        )
    if re.match(r"\{\s*\"|\[\s*[\[{]", start):
        raise UnreadableError(
            "FILE-FORMAT", "这是 JSON 文件，不是表格", "it is a JSON file, not a spreadsheet"
        )
