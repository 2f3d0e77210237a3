"""The translators' desk: what the product, its letters and its named things are called in each language."""

from app.views.translate.files import CatalogFilesView
from app.views.translate.glossary import GlossaryView
from app.views.translate.letters import LetterWordsView
from app.views.translate.names import NamesView
from app.views.translate.sentences import TranslateView, TranslationsView

VIEWS = [TranslationsView, CatalogFilesView, LetterWordsView, NamesView, GlossaryView, TranslateView]
