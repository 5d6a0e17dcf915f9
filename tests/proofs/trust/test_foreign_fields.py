"""A foreign municipality's id in every field: refused with a sentence, never a 500, and nothing of ours points there.

The forms are those the pages really show, the bodies those of the schema; none is listed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.test import override_settings
from django.test.signals import template_rendered
from drf_spectacular.generators import SchemaGenerator

from accounts.policy import POLICY
from accounts.roles import Role
from places.models import Municipality
from tests.proofs.trust.addresses import Opened, everything
from tests.proofs.trust.calling import Caller
from tests.proofs.trust.town import HERE, THERE, Rows, Town, both
from tests.sizes import FULL

pytestmark = pytest.mark.django_db
WHO = [Role.COORDINATOR, Role.ADMINISTRATOR, Role.VOLUNTEER]
# What a field of this name would point to, wherever it stands.
POINTS_TO = {
    **dict.fromkeys(["settlement", "settlements", "new-settlement", "home", "escort_to"], "ekatte"),
    "help_point": "help_point",
    **dict.fromkeys(["volunteer", "volunteers", "people", "partner"], "volunteer"),
    **dict.fromkeys(["person", "resident"], "resident"),
    **dict.fromkeys(["follows", "request", "help_request"], "request"),
    **dict.fromkeys(["membership"], "member"),
}
# A public page for everybody: who applies chooses among all municipalities.
FOR_ALL = {"ApplyForm", "Details"}


@pytest.fixture(scope="module")
def towns(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Town]]:
    with (
        override_settings(ROOT_URLCONF="tests.proofs.spine.demo_addresses"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield both()
        transaction.set_rollback(True)


def foreign_keys(town: Town) -> Rows:
    """One of everything in the other municipality."""
    member = town.people[Role.CLERK]
    return {**town.rows[HERE], "resident": _resident(town), "member": str(member.pk)}


def _resident(town: Town) -> str:
    from requests.models import HelpRequest

    return str(HelpRequest.objects.get(pk=town.rows[HERE]["request"]).resident_id)


def share(role: Role, method: str) -> list[Opened]:
    """The pages this role opens or sends to: full, all there are; reduced, of those who may one role in turn."""
    pages = [one for one in everything() if not one.is_api and one.method == method and one.name != "accounts:switch"]
    if FULL:
        return pages
    may = [[who for who in WHO if one.action not in POLICY or who in POLICY[one.action].roles] for one in pages]
    return [one for place, one in enumerate(pages) if role == (may[place] or WHO)[place % len(may[place] or WHO)]]


def shown_forms(caller: Caller) -> dict[str, forms.BaseForm]:
    """Every form on the pages this caller opens, by its class, and what the desk sends."""
    found: dict[str, forms.BaseForm] = {}

    def look(sender: Any, context: Any, **more: Any) -> None:
        for layer in context.dicts:
            for value in layer.values():
                for one in value.values() if isinstance(value, dict) else [value]:
                    if isinstance(one, forms.BaseForm):
                        found.setdefault(type(one).__name__, one)

    template_rendered.connect(look)
    try:
        for one in share(Role(str(caller.role)), "get"):
            caller.call(one, caller.own())
    finally:
        template_rendered.disconnect(look)
    return found


@cache
def questions() -> tuple[str, list[str]]:
    """One statement for all: which of the models' ways to another row leave the municipality; and their values."""
    asked, values = [], []
    for model in apps.get_models():
        own = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
        if "municipality" not in own:
            continue
        for name, field in own.items():
            target: Any = field.related_model
            if name == "municipality" or not hasattr(target, "municipality"):
                continue
            rows = model._default_manager.exclude(**{name: None})
            elsewhere = rows.exclude(**{f"{name}__municipality": models.F("municipality")}).values("pk")
            sql, more = elsewhere.query.sql_with_params()
            asked.append(f"SELECT '{model.__name__}.{name}' WHERE EXISTS ({sql})")
            values += more
    return " UNION ALL ".join(asked), values


def points_elsewhere() -> list[str]:
    """Rows that point to a row of another municipality than their own: there are none, ever."""
    with connection.cursor() as cursor:
        cursor.execute(*questions())
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize("role", WHO)
def test_no_field_of_any_form_takes_a_key_of_another_municipality(towns: list[Town], role: Role) -> None:
    here, there = towns
    keys = {str(key) for key in (*foreign_keys(there).values(), *there.rows[THERE].values())}
    # Numbers count from one in every table: what is asked is whether the row behind them is offered.
    keys = {key for key in keys if not (key.isdigit() and len(key) < 5)} | {str(there.rows[HERE]["help_point"])}
    taken, asked = [], 0
    for name, form in shown_forms(Caller(here, there, role, here.people[role])).items():
        for label, field in form.fields.items():
            if name in FOR_ALL or not isinstance(field, forms.ChoiceField):
                continue
            asked += 1
            own_number = label not in ("help_point",)
            for key in keys:
                if own_number and key == str(there.rows[HERE]["help_point"]):
                    continue
                many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
                try:
                    field.clean([key] if many else key)
                except ValidationError as error:
                    assert all(len(str(message)) > 10 for message in error.messages), (name, label)
                else:
                    taken.append(f"{name}.{label} took {key}")
    assert taken == []
    assert asked > (5 if role == Role.VOLUNTEER else 25 if FULL else 15)


@pytest.mark.parametrize("role", WHO)
def test_every_page_that_is_sent_to_refuses_them_without_falling(towns: list[Town], role: Role) -> None:
    here, there = towns
    caller = Caller(here, there, role, here.people[role])
    keys = foreign_keys(there)
    body = {name: str(keys[kind]) for name, kind in POINTS_TO.items()}
    fallen = []
    for one in share(role, "post"):
        cookies = caller.client.cookies.copy()
        with transaction.atomic():
            answer = caller.client.post(one.url(caller.own()), body)
            if answer.status_code >= 500:
                fallen.append(one.name)
            fallen += [f"{one.name}: {wrong}" for wrong in points_elsewhere()]
            transaction.set_rollback(True)
        caller.client.cookies = cookies
    assert fallen == []


def test_every_page_is_some_role_s_share() -> None:
    with override_settings(ROOT_URLCONF="tests.proofs.spine.demo_addresses"):
        for method in ("get", "post"):
            names = {one.name for one in everything() if not one.is_api and one.method == method}
            assert {one.name for role in WHO for one in share(role, method)} == names - {"accounts:switch"}


def test_the_measure_sees_a_row_that_points_elsewhere(towns: list[Town]) -> None:
    """The control."""
    from requests.models import HelpRequest

    here, there = towns
    assert points_elsewhere() == []
    with transaction.atomic():
        HelpRequest.objects.filter(pk=here.rows[HERE]["request"]).update(help_point=there.rows[HERE]["help_point"])
        assert points_elsewhere() == ["HelpRequest.help_point"]
        transaction.set_rollback(True)


# Of the bodies of the API: where each of these stands.
IN_BODIES = {"settlement", "help_point", "escort_to", "resident", "follows"}


def test_every_field_of_the_api_that_points_somewhere_is_known() -> None:
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"].get("$ref", "")
        for methods in schema["paths"].values() for operation in methods.values() if "requestBody" in operation
    ]  # fmt: skip
    named: set[str] = set()
    waiting = [ref.rpartition("/")[2] for ref in bodies if ref]
    while waiting:
        for name, field in schema["components"]["schemas"][waiting.pop()].get("properties", {}).items():
            named.add(name)
            inside = [field, *field.get("allOf", []), field.get("items", {})]
            waiting += [part["$ref"].rpartition("/")[2] for part in inside if "$ref" in part]
    # `person` is a new one, written out.
    assert (named & POINTS_TO.keys()) - {"person"} == IN_BODIES


@pytest.mark.parametrize("field", sorted(IN_BODIES))
def test_the_api_refuses_them_with_a_sentence(towns: list[Town], field: str) -> None:
    here, there = towns
    caller = Caller(here, there, Role.COORDINATOR, here.people[Role.COORDINATOR])
    keys = foreign_keys(there)
    key = keys[POINTS_TO[field]]
    body: dict[str, Any] = {"service": "ASP_HEAT", "resident": _resident(here), "safe_word": "люляк"}
    if field == "settlement":
        body.pop("resident")
        body["person"] = {"first_name": "Цвета", "last_name": "Нова", "phone": "0888 111 222", "settlement": key}
    else:
        body[field] = key
    with transaction.atomic():
        answer = caller.client.post("/api/v1/requests/", body, content_type="application/json")
        transaction.set_rollback(True)
    assert answer.status_code in (404, 422), answer.content
    assert len(answer.json()["title"]) > 10
    assert Municipality.objects.count() == 2
