"""For those who start gunicorn themselves: gunicorn --config deploy/gunicorn.conf.py "app:create_app()"."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from app.processes.web import options
from config import read

globals().update(options(read()))
