"""What each kind of field can do and what its definition says beside names and rights."""

from __future__ import annotations

from app.fields.definition import Kind

CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.TREE})  # have options
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY})
DATED = frozenset({Kind.DATE, Kind.DATETIME})
WORDED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT, Kind.PATTERN})  # bounded by how many signs they have
LISTED = frozenset({Kind.CHOICES})  # hold several values
LONG = frozenset({Kind.LONG_TEXT, Kind.RICH_TEXT})  # in no grid: they are read on the row's page
BOUNDED = NUMERIC | DATED | WORDED | LISTED

EXACT = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.TREE, Kind.YES_NO, Kind.REFERENCE})  # filtered by one of few values
RANGED = NUMERIC | DATED  # filtered from and to
LITERAL = frozenset({Kind.TEXT, Kind.EMAIL, Kind.TELEPHONE, Kind.URL, Kind.NIP, Kind.PATTERN})  # filtered as a whole

FILTERABLE = EXACT | RANGED | LITERAL
SORTABLE = RANGED | LITERAL
SEARCHABLE = WORDED | CHOOSING | LITERAL
IN_GRID = frozenset(Kind) - LONG - {Kind.FILE}
