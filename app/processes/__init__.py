"""The processes of the stack: what `run.py init`, `web`, `worker`, `cron` and `intake` start."""
