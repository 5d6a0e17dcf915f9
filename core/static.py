"""How the styles and scripts are stored: under names with their hash, compressed beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Megabytes that only the API's documentation page may ask for: compressing them takes most of a minute.
NOT_WORTH_IT = ("drf_spectacular_sidecar/", "rest_framework/")


class Storage(CompressedManifestStaticFilesStorage):
    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if not path.startswith(NOT_WORTH_IT)])
