"""Bilety. This module stays light: the SMTP intake and the timetable import parts of it without Flask."""
