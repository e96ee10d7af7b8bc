"""Who may sign in, in which role, and who is signed in; kept in the ledger's database, beside the chain."""

from detente.accounts.accounts import ROLES, Account, Accounts, Change, Role, is_at_least
from detente.accounts.passwords import FEWEST_CHARACTERS, Busy, Cost
from detente.accounts.sign_ins import NotSignedIn, SignIns, TryLater

__all__ = [
    "FEWEST_CHARACTERS",
    "ROLES",
    "Account",
    "Accounts",
    "Busy",
    "Change",
    "Cost",
    "NotSignedIn",
    "Role",
    "SignIns",
    "TryLater",
    "is_at_least",
]
