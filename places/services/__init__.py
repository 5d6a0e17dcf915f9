"""What may be changed about places, and by whom is decided at the door."""

from places.services.settings import (
    Hours,
    add_local_holiday,
    close_help_point,
    open_municipality,
    remove_local_holiday,
    save_help_point,
    set_coverage,
    set_rules,
)

__all__ = [
    "Hours",
    "add_local_holiday",
    "close_help_point",
    "open_municipality",
    "remove_local_holiday",
    "save_help_point",
    "set_coverage",
    "set_rules",
]
