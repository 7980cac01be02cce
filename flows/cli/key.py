"""`jibao key` makes the key that signs the bulletins."""

from __future__ import annotations

from flows.cli.terminal import in_words, out


@in_words
def key() -> None:
    """Make the key that signs the bulletins, or show the public part of the one that is there.

    The key stays in the home of the installation, readable to its owner alone; give its public part
    to whoever is to verify bulletins.
    """
    from flows.model.home import find_home
    from flows.publish.signing import FILE, make_key, open_key, public_part

    path = find_home() / FILE
    there = open_key(path)
    public = make_key(path) if there is None else public_part(there)
    if there is None:
        out.print(
            f"密钥已写入 {path}（只有本账户可读；请另存备份，不要放入版本库）\n"
            f"the key is in {path}, readable to this account alone: keep a copy elsewhere, and "
            "never in a repository\n"
            "下一次 jibao run 起，公报由它签名 · from the next `jibao run` on, bulletins bear "
            "its signature",
            soft_wrap=True,
        )
    out.print(f"公钥 public key: {public}", soft_wrap=True)
