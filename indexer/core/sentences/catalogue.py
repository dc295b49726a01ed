"""The one catalogue of sentences by code, for the shell, the window and whatever else shows them."""

from __future__ import annotations

from indexer.core.language import Sentences
from indexer.core.sentences.files import FILES
from indexer.core.sentences.jobs import JOBS
from indexer.core.sentences.library import LIBRARY
from indexer.core.sentences.models import MODELS

PLAIN = "plain"
"""The code of sentences that were made elsewhere: they are shown as they are."""

SENTENCES: Sentences = {
    PLAIN: ("{message}", "{advice}"),
    **FILES,
    **JOBS,
    **LIBRARY,
    **MODELS,
}
