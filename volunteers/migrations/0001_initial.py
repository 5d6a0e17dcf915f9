import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("notifications", "0001_initial"),
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Volunteer",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("first_name", core.fields.EncryptedTextField(blank=True, default="")),
                ("last_name", core.fields.EncryptedTextField(blank=True, default="")),
                ("badge", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "кандидатства"),
                            ("training", "учи"),
                            ("active", "помага"),
                            ("paused", "почива"),
                            ("left", "приключи"),
                        ],
                        default="applied",
                        max_length=10,
                    ),
                ),
                ("status_since", models.DateTimeField()),
                (
                    "transport",
                    models.CharField(
                        choices=[("car", "с кола"), ("bus", "с автобус"), ("foot", "пеша")], default="car", max_length=5
                    ),
                ),
                ("languages", models.JSONField(default=list)),
                ("weekly_limit", models.PositiveSmallIntegerField(default=4)),
                ("weekly_wish", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("daily_offers", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("longest_leg", models.PositiveSmallIntegerField(default=60)),
                ("says_can_help", models.JSONField(blank=True, default=list)),
                ("note", core.fields.EncryptedTextField(blank=True, default="")),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volunteer",
                        to="notifications.contact",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.settlement"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="volunteers", to="places.municipality"
                    ),
                ),
                ("preferred_partners", models.ManyToManyField(blank=True, related_name="+", to="volunteers.volunteer")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="volunteers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_this_kind", "не такава услуга"),
                            ("too_far", "далече е"),
                            ("not_these_hours", "не в тези часове"),
                            ("unsure", "не знам дали ще се справя"),
                        ],
                        max_length=16,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("weekday", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("start", models.TimeField(blank=True, null=True)),
                ("end", models.TimeField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("learned_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "service_group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.servicegroup",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lessons", to="volunteers.volunteer"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "weekday", "start", "pk"],
            },
        ),
        migrations.CreateModel(
            name="HoursException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("start", models.TimeField(blank=True, null=True)),
                ("end", models.TimeField(blank=True, null=True)),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="volunteers.volunteer",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "start"],
            },
        ),
        migrations.CreateModel(
            name="Certification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.servicegroup"
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certifications",
                        to="volunteers.volunteer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WeeklyHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField()),
                ("start", models.TimeField()),
                ("end", models.TimeField()),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weekly_hours",
                        to="volunteers.volunteer",
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "start"],
            },
        ),
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(fields=["municipality", "status"], name="volunteer_by_status"),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.UniqueConstraint(fields=("municipality", "badge"), name="one_badge_per_municipality"),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekly_limit__lte", 30)), name="weekly_limit_is_sane"
            ),
        ),
        migrations.AddIndex(
            model_name="lesson",
            index=models.Index(condition=models.Q(("taken_back_at", None)), fields=["volunteer"], name="lesson_live"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["not_this_kind", "unsure"]), ("service_group__isnull", False)),
                    models.Q(("kind", "too_far"), ("minutes__isnull", False)),
                    models.Q(
                        ("end__gt", models.F("start")),
                        ("kind", "not_these_hours"),
                        ("until__isnull", False),
                        ("weekday__lte", 6),
                    ),
                    _connector="OR",
                ),
                name="a_lesson_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end", None), ("start", None)),
                    models.Q(("end__gt", models.F("start")), ("end__isnull", False), ("start__isnull", False)),
                    _connector="OR",
                ),
                name="exception_away_or_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="certification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("volunteer", "service_group"),
                name="one_live_certification",
            ),
        ),
        migrations.AddConstraint(
            model_name="certification",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="certification_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklyhours",
            constraint=models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="weekday_is_0_to_6"),
        ),
        migrations.AddConstraint(
            model_name="weeklyhours",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="hours_end_later"
            ),
        ),
    ]
