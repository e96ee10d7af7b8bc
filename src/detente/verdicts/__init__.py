"""Claims of an article, each with what the ledger says for and against it, and a question where it is about the future.

The room stands above forecasts and pages because it reads an article (`documents`, `coding`) and weighs it by the
ledger. Its results are records of `detente.terms`, so that pages can show them without reading an article.
"""

from detente.verdicts.claims import claims_of
from detente.verdicts.judging import judge
from detente.verdicts.keeping import keep

__all__ = ["claims_of", "judge", "keep"]
