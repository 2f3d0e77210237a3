"""Benches: each prints ratios against something of the same run."""

import app.models.all  # noqa: F401 every table is known before Flask-AppBuilder's modules look at the first
