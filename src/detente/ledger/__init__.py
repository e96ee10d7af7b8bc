"""What was read, what was coded, what people decided: only ever added, and read as of any moment."""

from detente.ledger.asof import AsOf, moment_of
from detente.ledger.chain import Head, Verification
from detente.ledger.database import FILE_NAME
from detente.ledger.groupings import Grouping, held
from detente.ledger.ledger import Ledger, LoggedForecast, Status
from detente.ledger.questions import (
    EVIDENCE_MARK,
    Answer,
    Answering,
    Changed,
    Poll,
    Question,
    changes,
    check_question,
    digest,
    frozen,
)
from detente.ledger.queue import QueueItem, doubt_of, queue
from detente.ledger.records import RECORDS, canonical, evidence_in, from_json, read_moment, to_json, write_moment
from detente.ledger.reviews import Review, agree, counting, review_of, reviews
from detente.ledger.standing import Standing

__all__ = [
    "EVIDENCE_MARK",
    "FILE_NAME",
    "RECORDS",
    "Answer",
    "Answering",
    "AsOf",
    "Changed",
    "Grouping",
    "Head",
    "Ledger",
    "LoggedForecast",
    "Poll",
    "Question",
    "QueueItem",
    "Review",
    "Standing",
    "Status",
    "Verification",
    "agree",
    "canonical",
    "changes",
    "check_question",
    "counting",
    "digest",
    "doubt_of",
    "evidence_in",
    "from_json",
    "frozen",
    "held",
    "moment_of",
    "queue",
    "read_moment",
    "review_of",
    "reviews",
    "to_json",
    "write_moment",
]
