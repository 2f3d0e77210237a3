"""What administrators chose, moved from one desk to another as one text file (C8).

files.py    the file: sorted JSON, no secrets, no people
kinds.py    what is moved: one entry for each kind, in the order in which they need each other
kind.py     a kind that is rows of one table; special.py: kinds that are more
ids.py      the stable id of each row, by which desks know that two rows are one thing
compare.py  the plan: what a file would add, change and remove here, what it asks, what it cannot do
apply.py    the plan carried out in one transaction, or nothing of it
seen.py     which plan somebody looked at last
"""
