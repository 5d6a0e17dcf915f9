import datetime

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import core.validators


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("name_bg", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("date", models.DateField(primary_key=True, serialize=False)),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("name_bg", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("province_code", models.CharField(blank=True, max_length=3)),
                ("province_bg", models.CharField(blank=True, max_length=60)),
                ("province_en", models.CharField(blank=True, max_length=60)),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="телефон на бюрото")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="имейл на бюрото")),
                ("office_hours_bg", models.CharField(blank=True, max_length=120, verbose_name="кога вдигаме")),
                (
                    "office_hours_en",
                    models.CharField(blank=True, max_length=120, verbose_name="кога вдигаме, на английски"),
                ),
                ("active", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name_bg", "code"],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("name_bg", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                (
                    "ekatte",
                    models.CharField(
                        max_length=5,
                        primary_key=True,
                        serialize=False,
                        validators=[django.core.validators.RegexValidator("^[0-9]{5}$")],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("town", "град"), ("village", "село"), ("monastery", "манастир")], max_length=10
                    ),
                ),
                ("kmetstvo_code", models.CharField(blank=True, max_length=8)),
                ("has_own_kmetstvo", models.BooleanField(default=False)),
                ("latitude", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("longitude", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                (
                    "geo_quality",
                    models.CharField(
                        choices=[
                            ("inside", "в собственото землище"),
                            ("inside_coarse", "закръглена до минута"),
                            ("inside_shared_point", "една точка с друго място"),
                            ("near_edge", "до границата на общината"),
                            ("outside_2_3km", "2–3\xa0км извън общината"),
                            ("missing", "липсва"),
                            ("missing_removed_implausible", "липсва: старата беше невярна"),
                        ],
                        default="missing",
                        max_length=30,
                    ),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("population_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("postal_code", models.CharField(blank=True, max_length=4)),
                ("altitude_band", models.CharField(blank=True, max_length=20)),
                ("neighbours", models.ManyToManyField(blank=True, to="places.settlement")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="places.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["name_bg", "ekatte"],
            },
        ),
        migrations.AddField(
            model_name="municipality",
            name="seat",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="seat_of",
                to="places.settlement",
            ),
        ),
        migrations.CreateModel(
            name="LocalHoliday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_bg", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("date", models.DateField(verbose_name="дата")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="local_holidays",
                        to="places.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="HelpPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name_bg", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("kmetstvo", "кметство"),
                            ("chitalishte", "читалище"),
                            ("library", "библиотека"),
                            ("other", "друго място"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, max_length=200, validators=[core.validators.no_secrets], verbose_name="адрес"
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="help_points", to="places.settlement"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_points",
                        to="places.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["settlement__name_bg", "name_bg", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "понеделник"),
                            (1, "вторник"),
                            (2, "сряда"),
                            (3, "четвъртък"),
                            (4, "петък"),
                            (5, "събота"),
                            (6, "неделя"),
                        ]
                    ),
                ),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                (
                    "help_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opening_hours", to="places.helppoint"
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "opens"],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "settlement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="coverage",
                        serialize=False,
                        to="places.settlement",
                    ),
                ),
                (
                    "signal",
                    models.CharField(
                        choices=[("good", "добър"), ("weak", "слаб"), ("none", "няма"), ("unknown", "не знаем")],
                        default="unknown",
                        max_length=10,
                        verbose_name="мобилен обхват",
                    ),
                ),
                ("landline", models.BooleanField(blank=True, null=True, verbose_name="стационарен телефон")),
                (
                    "internet_point",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[core.validators.no_secrets],
                        verbose_name="къде има интернет",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=300, validators=[core.validators.no_secrets], verbose_name="бележка"
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="проверено на")),
                (
                    "checked_by",
                    models.CharField(
                        blank=True,
                        help_text="Длъжност или място, например „кметство Извор“.",
                        max_length=80,
                        validators=[core.validators.no_secrets],
                        verbose_name="кой провери",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.municipality"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MunicipalityRules",
            fields=[
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="rules",
                        serialize=False,
                        to="places.municipality",
                    ),
                ),
                (
                    "planning_horizon_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="планираме за толкова дни напред",
                    ),
                ),
                (
                    "offer_horizon_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Спешните заявки се предлагат веднага.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="пращаме покани за толкова дни напред",
                    ),
                ),
                (
                    "first_visit_by_two",
                    models.BooleanField(
                        default=True,
                        help_text="Така никой не влиза сам в непознат дом.",
                        verbose_name="първото посещение вкъщи е от двама",
                    ),
                ),
                (
                    "offer_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="Текат само часовете, в които човекът може да бъде потърсен. После питаме следващия.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(96),
                        ],
                        verbose_name="часове за отговор на покана",
                    ),
                ),
                (
                    "soon_offer_hours",
                    models.PositiveSmallIntegerField(
                        default=6,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(48),
                        ],
                        verbose_name="часове за отговор, ако помощта е до 3 дни",
                    ),
                ),
                (
                    "urgent_offer_hours",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="На половината време напомняме. Ако е спешно, казваме и на вас.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="часове за отговор при спешност",
                    ),
                ),
                (
                    "urgent_at_once",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Отива, който приеме пръв. На другите благодарим.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="толкова души питаме наведнъж при спешност",
                    ),
                ),
                (
                    "offers_a_day",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Важи, докато доброволецът не избере друго.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="най-много покани на ден до един човек",
                    ),
                ),
                (
                    "ladder_rungs",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="След толкова стъпала без „да“ заявката идва при вас.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="покани, преди да поеме координатор",
                    ),
                ),
                (
                    "half_staffed_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="Ако не се намери, освобождаваме първия с благодарност.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(96),
                        ],
                        verbose_name="часове за намиране на втория човек",
                    ),
                ),
                ("visiting_from", models.TimeField(default=datetime.time(9, 0), verbose_name="посещения от")),
                ("visiting_to", models.TimeField(default=datetime.time(18, 0), verbose_name="посещения до")),
                ("visits_on_sunday", models.BooleanField(default=False, verbose_name="посещения и в неделя")),
                ("visits_on_holidays", models.BooleanField(default=False, verbose_name="посещения и на празник")),
                (
                    "max_travel_per_shift",
                    models.PositiveSmallIntegerField(
                        default=150,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(600),
                        ],
                        verbose_name="най-много път за една смяна, минути",
                    ),
                ),
                (
                    "default_max_leg",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="Важи, докато доброволецът не избере друго.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="най-дълъг път от вкъщи, минути",
                    ),
                ),
                (
                    "default_visits_per_week",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="Важи, докато доброволецът не избере друго.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="най-много посещения седмично",
                    ),
                ),
                (
                    "checkout_grace_minutes",
                    models.PositiveSmallIntegerField(
                        default=45,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="минути закъснение, преди да потърсим доброволеца",
                    ),
                ),
                (
                    "keep_seed",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="Същото число дава същия план.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2147483647),
                        ],
                        verbose_name="начално число на плана",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("visiting_from__lt", models.F("visiting_to"))),
                        name="rules_visiting_hours",
                        violation_error_message="Краят на посещенията е след началото им.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offer_horizon_days__lte", models.F("planning_horizon_days"))),
                        name="rules_offer_inside_plan",
                        violation_error_message="Покани пращаме само за дни, които вече планираме.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["municipality", "name_bg"], name="settlement_by_municipality"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="settlement_both_coordinates",
            ),
        ),
        migrations.AddConstraint(
            model_name="localholiday",
            constraint=models.UniqueConstraint(
                fields=("municipality", "date"),
                name="local_holiday_once_a_day",
                violation_error_message="Този ден вече е свободен.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helppoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("settlement", "kind", "name_bg"),
                name="help_point_once_per_settlement",
                violation_error_message="Такъв пункт вече има в това населено място.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens__lt", models.F("closes"))), name="opening_before_closing"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(fields=("help_point", "weekday", "opens"), name="opening_once"),
        ),
    ]
