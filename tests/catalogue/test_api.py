import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from places.models import Municipality


@pytest.fixture
def clerk(client, db):
    user = User.objects.create_user("alisa@primer.bg", "три зелени чушки", name="Алиса")
    radomir = Municipality.objects.create(code="PER36", name_bg="Радомир")
    Membership.objects.create(user=user, municipality=radomir, role="clerk")
    client.force_login(user)
    return client


def test_a_service_is_read_with_its_group_institution_and_season(clerk, catalogue):
    heat = clerk.get("/api/v1/services/ASP_HEAT/").json()
    assert (heat["group"]["code"], heat["institution"]["code"]) == ("SOCIAL", "ASP")
    assert heat["id_means"] == ["PIK_NOI", "KEP"] and "HOME_VISIT" in heat["modes"]
    assert heat["next_deadline"].endswith("-10-31")
    assert heat["source"] and heat["checked_on"] == "2025-10-10"


def test_services_are_filtered_by_group(clerk, catalogue):
    rows = clerk.get("/api/v1/services/", {"group": "PENSION"}).json()["results"]
    assert rows and {row["group"]["code"] for row in rows} == {"PENSION"}


def test_the_list_takes_the_same_queries_for_one_service_and_for_all(clerk, catalogue):
    counts = []
    for size in (1, 200):
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get("/api/v1/services/", {"page_size": size}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
