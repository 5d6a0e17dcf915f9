"""Settings, addresses and the background schedule of the installation."""

import os

# What is imported below reads the settings; a web server loads this package before anything of ours names them.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.celery import app as celery_app

__all__ = ["celery_app"]
