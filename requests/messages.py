"""What people are told about requests, offers and visits: the kinds and the words they come with.

Nothing here names the safe word; an address or a telephone only after a volunteer has accepted.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Template
from notifications.states import MessageClass

_C = MessageClass

OFFER_MADE = Template(
    Kind("offer_made", or_call=True), _("Покана до доброволец"),
    _("Покана за {where}"),
    _("Покана: {where}, {when}. За какво: {service}. Чакаме отговор до {until}."),
    _("Покана: {where}, {short_when}, {service}. {reply} Чакаме до {short_until}."),
    ("where", "when", "short_when", "service", "until", "short_until", "reply"), budget=3,
)  # fmt: skip
OFFER_URGENT = Template(
    Kind("offer_urgent", _C.URGENT, or_call=True), _("Спешна покана до доброволец"),
    _("Спешно: {where}"),
    _("Спешна покана: {where}, {when}. За какво: {service}. Отива, който приеме пръв. Чакаме до {until}."),
    _("Спешна покана: {where}, {short_when}, {service}. {reply} Чакаме до {short_until}."),
    ("where", "when", "short_when", "service", "until", "short_until", "reply"), budget=3,
)  # fmt: skip
OFFER_NUDGE = Template(
    Kind("offer_nudge"), _("Напомняне за покана на половината време"),
    _("Чакаме отговор за {where}"),
    _("Още чакаме отговор: {where}, {when}. После, {until}, питаме следващия."),
    _("Още чакаме отговор: {where}, {short_when}. {reply} До {short_until}."),
    ("where", "when", "short_when", "service", "until", "short_until", "reply"), budget=3,
)  # fmt: skip
OFFER_URGENT_NUDGE = Template(
    Kind("offer_urgent_nudge", _C.URGENT), _("Напомняне за спешна покана на половината време"),
    _("Спешно: чакаме отговор за {where}"),
    _("Още никой не е приел: {where}, {when}. Отговорете до {until}."),
    _("Още никой не е приел: {where}, {short_when}. {reply} До {short_until}."),
    ("where", "when", "short_when", "service", "until", "short_until", "reply"), budget=3,
)  # fmt: skip
OFFER_ACCEPTED = Template(
    Kind("offer_accepted"), _("Доброволец прие"),
    _("Приехте: {where}"),
    _("Благодарим ви. Чакаме ви в {where}: {when}. Адресът и тайната дума са в посещението."),
    _("Приехте: {where}, {short_when}. Адресът и тайната дума са в приложението."),
    ("where", "when", "short_when"),
)  # fmt: skip
OFFER_EXPIRED = Template(
    Kind("offer_expired"), _("Времето за отговор мина"),
    _("Времето за отговор мина"),
    _("Питаме следващия за {where}. Няма лошо."),
    _("Времето за отговор мина. Питаме следващия за {where}. Няма лошо."),
    ("where", "when"),
)  # fmt: skip
OFFER_TAKEN = Template(
    Kind("offer_withdrawn"), _("Друг доброволец ще отиде"),
    _("Поканата отпада"),
    _("Друг ще отиде в {where}. Благодарим ви."),
    _("Поканата отпада: друг ще отиде в {where}. Благодарим ви."),
    ("where", "when"),
)  # fmt: skip
OFFER_NOT_NEEDED = Template(
    Kind("offer_not_needed"), _("Поканата вече не е нужна"),
    _("Поканата отпада"),
    _("Помощта в {where} вече не е нужна тогава. Благодарим ви."),
    _("Поканата отпада: помощта в {where} вече не е нужна тогава. Благодарим ви."),
    ("where", "when"),
)  # fmt: skip
OFFER_RELEASED = Template(
    Kind("offer_released", _C.CANCELLATION, must_arrive=True), _("Не се намери втори човек"),
    _("Посещението отпада"),
    _("Не намерихме втори човек за {where}, {when}. Свободни сте. Благодарим ви."),
    _("Посещението отпада: {where}, {short_when}. Не намерихме втори човек. Благодарим ви."),
    ("where", "when", "short_when"),
)  # fmt: skip
VISITOR_ANOTHER_TIME = Template(
    Kind("offer_another_time", _C.CANCELLATION, must_arrive=True), _("Човекът избра друго време: до доброволеца"),
    _("Посещението отпада"),
    _("Човекът в {where} избра друго време, не {when}."),
    _("Не отивайте в {where}, {short_when}: човекът избра друго време."),
    ("where", "when", "short_when"),
)  # fmt: skip
VISITOR_CANCELLED = Template(
    Kind("offer_visit_cancelled", _C.CANCELLATION, must_arrive=True), _("Посещението отпада: до доброволеца"),
    _("Посещението отпада"),
    _("Не отивайте в {where}, {when}. Вече не е нужно."),
    _("Не отивайте в {where}, {short_when}. Вече не е нужно."),
    ("where", "when", "short_when"),
)  # fmt: skip
VISITOR_MOVED = Template(
    Kind("visitor_moved", _C.CANCELLATION, must_arrive=True), _("Нов час: до доброволеца"),
    _("Нов час"),
    _("Посещението в {where} се мести: {when}."),
    _("Нов час за {where}: {short_when}."),
    ("where", "when", "short_when"),
)  # fmt: skip
REQUEST_RECEIVED = Template(
    Kind("request_received"), _("Заявката е при нас"),
    _("Заявката е при нас"),
    _("Заявката е при нас. Номер {number}. Код за проверка: {code}. {phone}"),
    _("Заявката е при нас. Номер {number}. Код: {code}. {phone}"),
    ("number", "code", "phone"),
)  # fmt: skip
VISIT_SCHEDULED = Template(
    Kind("visit_scheduled", must_arrive=True), _("Ще дойдем"),
    _("Ще дойдем"),
    _("Ще дойдем: {when}. Идват: {who}. Първо казват тайната Ви дума. {phone}"),
    _("Ще дойдем {short_when}. Идват: {who}. Първо казват тайната Ви дума. {phone}"),
    ("when", "short_when", "who", "phone"), budget=3,
)  # fmt: skip
VISIT_MOVED = Template(
    Kind("visit_moved", _C.CANCELLATION, must_arrive=True), _("Нов час"),
    _("Нов час"),
    _("Ще дойдем по друго време: {when}. {phone}"),
    _("Ще дойдем по друго време: {short_when}. {phone}"),
    ("when", "short_when", "phone"),
)  # fmt: skip
VISIT_LOST = Template(
    Kind("visit_lost", _C.CANCELLATION, must_arrive=True), _("Посещението се отлага"),
    _("Посещението се отлага"),
    _("Няма да дойдем: {when}. Търсим друг човек и ще Ви се обадим. {phone}"),
    _("Няма да дойдем {short_when}. Търсим друг човек и ще Ви се обадим. {phone}"),
    ("when", "short_when", "phone"),
)  # fmt: skip
VISIT_LOST_ONE = Template(
    Kind("visit_lost_one"), _("Единият доброволец не може"),
    _("Единият доброволец не може"),
    _("Единият доброволец не може: {when}. Търсим друг. Часът засега остава. {phone}"),
    _("Единият доброволец не може {short_when}. Търсим друг. Часът засега остава. {phone}"),
    ("when", "short_when", "phone"), budget=3,
)  # fmt: skip
VISIT_CALLED_OFF = Template(
    Kind("visit_called_off", _C.CANCELLATION, must_arrive=True), _("Посещението отпада"),
    _("Посещението отпада"),
    _("Посещението отпада: {when}. Няма да дойдем. {phone}"),
    _("Посещението отпада: {short_when}. Няма да дойдем. {phone}"),
    ("when", "short_when", "phone"),
)  # fmt: skip
VISIT_DONE = Template(
    Kind("visit_done"), _("Благодарност и един въпрос след посещението"),
    _("Помогнахме ли Ви?"),
    _("Благодарим Ви, че ни приехте. Помогнахме ли Ви? {reply} {phone}"),
    _("Благодарим Ви, че ни приехте. Помогнахме ли Ви? {reply} {phone}"),
    ("reply", "phone"), budget=3,
)  # fmt: skip
VISIT_TOMORROW = Template(
    Kind("visit_tomorrow", or_call=True), _("Напомняне ден преди посещението"),
    _("Утре ще дойдем"),
    _("Утре ще дойдем: {when}. Идват: {who}. {documents} {phone}"),
    _("Утре ще дойдем, {short_when}. {documents} {phone}"),
    ("when", "short_when", "who", "documents", "phone"), budget=3,
)  # fmt: skip
VISIT_SOON = Template(
    Kind("visit_soon"), _("Напомняне два часа преди посещението"),
    _("Днес ще дойдем"),
    _("Днес ще дойдем: {when}. Идват: {who}. Първо казват тайната Ви дума."),
    _("Днес ще дойдем, {short_when}. Идват: {who}. Първо казват тайната Ви дума."),
    ("when", "short_when", "who"), budget=3,
)  # fmt: skip
VISITOR_TOMORROW = Template(
    Kind("visitor_tomorrow"), _("Напомняне ден преди посещението: до доброволеца"),
    _("Утре: {where}"),
    _("Утре ви чакат в {where}: {when}. За какво: {service}."),
    _("Утре ви чакат в {where}, {short_when}. {service}."),
    ("where", "when", "short_when", "service"),
)  # fmt: skip
ON_MY_WAY = Template(
    Kind("on_my_way", _C.URGENT), _("Доброволецът тръгва"),
    _("Тръгваме към Вас"),
    _("Тръгваме към Вас. Идват: {who}. {minutes}"),
    _("Тръгваме към Вас. Идват: {who}. {minutes}"),
    ("who", "minutes"), budget=3,
)  # fmt: skip
RELATIVE_BEGAN = Template(
    Kind("relative_began"), _("Посещението започна: до близък"),
    _("Посещението започна"),
    _("Доброволците дойдоха при {name}: {when}. {phone}"),
    _("Доброволците дойдоха при {name}, {short_when}. {phone}"),
    ("name", "when", "short_when", "phone"), budget=3,
)  # fmt: skip
RELATIVE_ENDED = Template(
    Kind("relative_ended"), _("Посещението свърши: до близък"),
    _("Посещението свърши"),
    _("Доброволците си тръгнаха от {name}: {when}. {phone}"),
    _("Доброволците си тръгнаха от {name}, {short_when}. {phone}"),
    ("name", "when", "short_when", "phone"), budget=3,
)  # fmt: skip
REQUEST_EXPIRED = Template(
    Kind("request_expired", must_arrive=True), _("Срокът мина"),
    _("Срокът мина"),
    _("Срокът за заявка {number} мина, преди да намерим човек. Звъннете ни, ще помогнем иначе. {phone}"),
    _("Срокът за заявка {number} мина, преди да намерим човек. Звъннете ни. {phone}"),
    ("number", "phone"), budget=3,
)  # fmt: skip

CONSENT_SUM = Template(
    Kind("consent_sum"), _("Съгласие: какво пазим"),
    _("Какво записахме"),
    _("Заявка {number}: {service}, {where}. За нея пазим име, телефон и адрес. Следва въпрос. {phone}"),
    _("Заявка {number}: {service}, {where}. За нея пазим име, телефон и адрес. Следва въпрос. {phone}"),
    ("number", "service", "where", "phone"), budget=3,
)  # fmt: skip
CONSENT_ASK = Template(
    Kind("consent_ask"), _("Съгласие: въпросът"),
    _("Съгласни ли сте?"),
    _("Съгласни ли сте да пазим тези данни и да Ви помогне доброволец? {reply}"),
    _("Съгласни ли сте да пазим тези данни и да Ви помогне доброволец? {reply}"),
    ("number", "reply"), budget=2,
)  # fmt: skip

ALL = (
    OFFER_MADE, OFFER_URGENT, OFFER_NUDGE, OFFER_URGENT_NUDGE, OFFER_ACCEPTED, OFFER_EXPIRED, OFFER_TAKEN,
    OFFER_NOT_NEEDED, OFFER_RELEASED, VISITOR_ANOTHER_TIME, VISITOR_CANCELLED, VISITOR_MOVED, REQUEST_RECEIVED,
    VISIT_SCHEDULED, VISIT_MOVED, VISIT_LOST, VISIT_LOST_ONE, VISIT_CALLED_OFF, VISIT_DONE, VISIT_TOMORROW, VISIT_SOON,
    VISITOR_TOMORROW, ON_MY_WAY, RELATIVE_BEGAN, RELATIVE_ENDED, REQUEST_EXPIRED, CONSENT_SUM,
    CONSENT_ASK,
)  # fmt: skip
