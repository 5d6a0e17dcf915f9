"""Names in two languages."""

from __future__ import annotations

from django.db import models

from core.language import in_language


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
