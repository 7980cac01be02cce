"""Pages of the bulletin as tests render and read them."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flows.publish.bulletin_numbers import plain
from flows.publish.bulletin_page import write_page
from flows.publish.bulletin_parts import compose
from flows.publish.bulletin_rows import Pages, Place


def render_page(
    pages: Pages, place: Place, audience: str, key: Ed25519PrivateKey | None = None
) -> tuple[bytes, dict[str, str]] | None:
    """The page and the text alone by language; None where the audience may see no figure."""
    parts = compose(pages, place, audience)
    if parts is None:
        return None
    return write_page(parts, key), {lang: plain(text) for lang, text in parts.texts.items()}
