"""Names in two languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language


def in_language(bg: str, en: str) -> str:
    """The English text on an English page if there is one, else the Bulgarian."""
    return en if en and (get_language() or "bg").startswith("en") else bg


class Named(models.Model):
    name_bg = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_bg, self.name_en)
