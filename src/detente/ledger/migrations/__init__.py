"""How the schema came about; run by `Ledger.open`, never by hand."""
