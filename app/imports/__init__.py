"""Values in bulk: rows of a file put into organisations, accounts, tickets or entries (docs/imports.md).

table.py    the file: CSV or XLSX, its head and its rows
cells.py    what a cell says, as the JSON value that its field reads
targets.py  what can be imported into: how a row is found, and how it is written
runs.py     an import: begun, checked on the real rows without a trace, carried out, stopped
"""
