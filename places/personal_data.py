"""Public facts and settings: nobody's personal data."""

from core.register import Nobodys

NAMES = "name_bg name_en"

NOBODYS = [
    Nobodys(
        "places.Municipality", "an office's own address",
        f"{NAMES} code province_code province_bg province_en phone email office_hours_bg office_hours_en "
        "address_bg address_en officer_phone officer_email",
    ),
    Nobodys("places.MunicipalityRules", "limits a municipality works by"),
    Nobodys("places.Holiday", "public", NAMES),
    Nobodys("places.LocalHoliday", "public", NAMES),
    Nobodys("places.Settlement_neighbours", "public"),
    Nobodys(
        "places.Settlement", "public",
        f"{NAMES} ekatte kind kmetstvo_code geo_quality postal_code altitude_band",
    ),
    Nobodys("places.Coverage", "signal in a village", "signal internet_point note checked_by"),
    Nobodys("places.HelpPoint", "public buildings", f"{NAMES} kind address"),
    Nobodys("places.OpeningHours", "public"),
]  # fmt: skip
