"""`python -m app.catalogs.update`: bring the shipped catalogs up to date with the code, and compile them."""

from __future__ import annotations

from app.catalogs.shipped import ALL


def main() -> None:
    """Rewrite every catalog; new sentences stand there untranslated."""
    for shipped in ALL:
        catalog = shipped.updated()
        shipped.write(catalog)
        shipped.compile()
        missing = sum(1 for message in catalog if message.id and not any(message.string or ""))
        print(f"{shipped.po.name} ({shipped.language}): {len(catalog)} sentences, {missing} to translate")


if __name__ == "__main__":
    main()
