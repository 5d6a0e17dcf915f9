"""Public facts about services: nobody's personal data."""

from core.register import Nobodys

NAMES = "name_bg name_en"

NOBODYS = [
    Nobodys("catalogue.ServiceGroup", "public", f"code {NAMES}"),
    Nobodys("catalogue.Institution", "public", f"code {NAMES} portal_url phone"),
    Nobodys(
        "catalogue.Service", "public",
        f"code {NAMES} municipality_code short_bg short_en plain_bg plain_en id_means modes documents_bg documents_en "
        "seasons season_note_bg season_note_en offline_bg offline_en fee_bg fee_en portal_url register_number source "
        "verification",
    ),
    Nobodys("catalogue.DifficultyType", "public", f"code {NAMES} group remedy_bg remedy_en"),
]  # fmt: skip
