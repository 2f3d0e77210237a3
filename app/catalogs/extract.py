"""Every sentence that a person can meet, gathered from our code and from the libraries that speak to him."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "mark": None,
}
METHODS = [("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**": {"silent": "false", "trimmed": "true"}}
LIBRARIES = ("flask_appbuilder", "wtforms")  # Flask-Security has a domain of its own.


def messages() -> Catalog:
    """The template of the domain `messages`: ours first, then what only the libraries say."""
    found = Catalog(project="Bilety")
    _gather(found, ROOT / "app", ours=True)
    for library in LIBRARIES:
        _gather(found, folder_of(library), ours=False)
    return found


def folder_of(package: str) -> Path:
    """Where an installed package lies."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed.")
    return Path(spec.origin).parent


def _gather(catalog: Catalog, folder: Path, *, ours: bool) -> None:
    for _file, _line, message, comments, context in extract_from_dir(
        str(folder),
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    ):
        single = message[0] if isinstance(message, tuple) else message
        if single and (ours or single not in catalog):
            catalog.add(message, auto_comments=comments if ours else [folder.name], context=context)
