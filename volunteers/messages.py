"""What a volunteer is told about their own standing: the kinds and the words they come with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Template
from notifications.states import MessageClass

APPLICATION_RECEIVED = Template(
    Kind("application_received"), _("Желанието да помага е при нас"),
    _("Вашето желание да помагате е при нас"),
    _("Благодарим ви. До три дни ще ви се обади координатор."),
    _("Благодарим ви. До три дни ще ви се обади координатор."),
    (),
)  # fmt: skip
APPROVED = Template(
    Kind("volunteer_approved", or_call=True), _("Приет доброволец, който влиза сам"),
    _("Добре дошли сред доброволците"),
    _(
        "Значката ви е № {badge}. Влезте с телефона или имейла си: ще получите код за еднократен вход. "
        "После кажете кога сте на разположение."
    ),
    _("Добре дошли сред доброволците. Значката ви е № {badge}. Влезте с телефона или имейла си и кажете кога можете."),
    ("badge",),
)  # fmt: skip
APPROVED_BY_PHONE = Template(
    Kind("volunteer_approved_by_phone", or_call=True), _("Приет доброволец, на когото звъним"),
    _("Добре дошли сред доброволците"),
    _("Значката ви е № {badge}. Координаторът ще ви звъни за всяко посещение."),
    _("Добре дошли сред доброволците. Значката ви е № {badge}. Ще ви звъним за всяко посещение."),
    ("badge",),
)  # fmt: skip

# Whoever is not the one who came in should learn it by another way than the code came.
SIGNED_IN = Template(
    Kind("volunteer_signed_in", MessageClass.SAFETY), _("Някой влезе с името на доброволец"),
    _("Нов вход с вашето име"),
    _(
        "Някой влезе с вашето име: {when}, {device}. Ако сте вие, всичко е наред. "
        "Ако не сте, спрете го от „Моите устройства“. {phone}"
    ),
    _("Някой влезе с вашето име: {when}. Ако не сте вие, спрете го от „Моите устройства“. {phone}"),
    ("when", "device", "phone"), budget=3,
)  # fmt: skip

ALL = (APPLICATION_RECEIVED, APPROVED, APPROVED_BY_PHONE, SIGNED_IN)
