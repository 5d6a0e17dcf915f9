"""Settings, addresses and the background schedule of the installation."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
