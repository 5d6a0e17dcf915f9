import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallbackEvent",
            fields=[
                ("reference", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("failures_in_row", models.PositiveIntegerField(default=0)),
                ("rests_until", models.DateTimeField(blank=True, null=True)),
                ("resting_since", models.DateTimeField(blank=True, null=True)),
                ("credits", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("credits_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("phone", core.fields.EncryptedTextField(blank=True, default="")),
                ("phone_hash", models.CharField(blank=True, db_index=True, max_length=32)),
                ("email", core.fields.EncryptedTextField(blank=True, default="")),
                ("channels", models.JSONField(default=list)),
                ("language", models.CharField(default="bg", max_length=2)),
                ("latin", models.BooleanField(default=False)),
                ("quiet_from", models.TimeField(default=datetime.time(20, 0))),
                ("quiet_until", models.TimeField(default=datetime.time(8, 0))),
                ("on_free_days", models.BooleanField(default=False)),
                ("urgent_any_time", models.BooleanField(default=False)),
                ("daily_cap", models.PositiveSmallIntegerField(default=6)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_channels", models.JSONField(blank=True, default=list)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="places.municipality"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WebhookSubscription",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=80)),
                ("url", models.CharField(max_length=500)),
                ("events", models.JSONField(default=list)),
                ("scopes", models.JSONField(default=list)),
                ("include_personal", models.BooleanField(default=False)),
                ("secret", core.fields.EncryptedTextField(blank=True, default="")),
                ("old_secret", core.fields.EncryptedTextField(blank=True, default="")),
                ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pause_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "спряна от човек"),
                            ("failing", "дълго не приема"),
                            ("gone", "каза, че вече я няма"),
                        ],
                        max_length=10,
                    ),
                ),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("failures_in_row", models.PositiveIntegerField(default=0)),
                ("rests_until", models.DateTimeField(blank=True, null=True)),
                ("last_tried_at", models.DateTimeField(blank=True, null=True)),
                ("last_taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="webhooks", to="places.municipality"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=120)),
                ("event", models.CharField(max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                ("about_type", models.CharField(blank=True, max_length=20)),
                ("about_id", models.UUIDField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "чака"),
                            ("claimed", "изпраща се"),
                            ("delivered", "прието"),
                            ("failed", "не е прието"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("last_status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("last_milliseconds", models.PositiveIntegerField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("with_personal", models.BooleanField(default=False)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.webhooksubscription",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("phone", core.fields.EncryptedTextField(blank=True, default="")),
                ("phone_hash", models.CharField(max_length=32)),
                ("language", models.CharField(default="bg", max_length=2)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("missed", "пропуснато обаждане"),
                            ("voicemail", "гласово съобщение"),
                            ("promised", "обещано обаждане"),
                            ("reply", "поиска по SMS"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("rang", models.PositiveSmallIntegerField(default=1)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("reason", core.fields.EncryptedTextField(blank=True, default="")),
                ("recording_url", models.CharField(blank=True, max_length=300)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "Говорихме, помогнах"),
                            ("request", "Записах заявка"),
                            ("not_for_us", "Не е за нас"),
                            ("not_reached", "Не вдига, отказваме се"),
                            ("wrong", "Грешен номер"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", core.fields.EncryptedTextField(blank=True, default="")),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="callbacks", to="places.municipality"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("result", "")), fields=["municipality", "due_at"], name="callback_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", "")),
                        fields=("municipality", "phone_hash"),
                        name="one_open_callback_a_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("count", models.PositiveSmallIntegerField(default=0)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="notifications.contact"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("contact", "day"), name="one_count_a_day")],
            },
        ),
        migrations.CreateModel(
            name="DeskTask",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("verify_web", "Звъннете: заявка от интернет"),
                            ("no_volunteer", "Няма кой да отиде"),
                            ("ladder_ended", "Поканените отказаха"),
                            ("half_staffed", "Търсим втори човек"),
                            ("promise_broken", "Обещаното вече не пасва"),
                            ("checkout_overdue", "Посещението не е приключено"),
                            ("no_show", "Доброволецът не дойде"),
                            ("cannot_come", "Доброволецът не може да дойде"),
                            ("move_asked", "Човекът иска друг ден"),
                            ("message_failed", "Съобщението не стигна"),
                            ("call_person", "Звъннете и кажете"),
                            ("hand_over", "Предайте на хартия"),
                            ("unclear_reply", "Неясен отговор по SMS"),
                            ("provider", "Съобщенията не излизат"),
                            ("webhook", "Друга система не получава събитията"),
                            ("wording", "Променен текст не се попълва"),
                            ("consent", "Съгласието чака"),
                            ("application", "Нов доброволец кандидатства"),
                            ("help_needed", "Доброволец иска помощ"),
                            ("deadline_near", "Срокът наближава"),
                            ("nobody_home", "Нямаше никого"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject_type", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.CharField(blank=True, max_length=40)),
                ("note", core.fields.EncryptedTextField(blank=True, default="")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desk_tasks", to="places.municipality"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["municipality", "due_at"], name="task_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)),
                        fields=("kind", "subject_type", "subject_id"),
                        name="one_open_task_per_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FailureHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "в приложението"),
                            ("push", "известие"),
                            ("sms", "SMS"),
                            ("email", "имейл"),
                            ("voice", "обаждане"),
                            ("paper", "на хартия"),
                        ],
                        max_length=10,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("cause", models.CharField(max_length=200)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.municipality"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "channel", "hour", "cause"), name="one_cause_an_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sender", core.fields.EncryptedTextField(blank=True, default="")),
                ("sender_hash", models.CharField(db_index=True, max_length=32)),
                ("text", core.fields.EncryptedTextField(blank=True, default="")),
                ("masked", models.CharField(blank=True, max_length=10)),
                ("reference", models.CharField(max_length=120, unique=True)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "чака"), ("handled", "свършено"), ("at_desk", "при колега")],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("handled_as", models.CharField(blank=True, max_length=40)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.municipality",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "received")), fields=["received_at"], name="inbound_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "в приложението"),
                            ("push", "известие"),
                            ("sms", "SMS"),
                            ("email", "имейл"),
                            ("voice", "обаждане"),
                            ("paper", "на хартия"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=160, unique=True)),
                ("kind", models.CharField(max_length=40)),
                (
                    "message_class",
                    models.CharField(
                        choices=[
                            ("safety", "код и сигурност"),
                            ("cancellation", "отмяна"),
                            ("urgent", "спешно"),
                            ("ordinary", "обикновено"),
                        ],
                        default="ordinary",
                        max_length=12,
                    ),
                ),
                ("must_arrive", models.BooleanField(default=False)),
                ("subject", core.fields.EncryptedTextField(blank=True, default="")),
                ("body", core.fields.EncryptedTextField(blank=True, default="")),
                ("short", core.fields.EncryptedTextField(blank=True, default="")),
                ("recipient", core.fields.EncryptedTextField(blank=True, default="")),
                ("link", models.CharField(blank=True, max_length=200)),
                ("asks", models.BooleanField(default=False)),
                ("reply_code", models.CharField(blank=True, max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "чака"),
                            ("claimed", "изпраща се"),
                            ("sent", "изпратено"),
                            ("delivered", "получено"),
                            ("failed", "не стигна"),
                            ("expired", "закъсня"),
                            ("unknown", "не се знае"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("ready_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("early", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("handing_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("counted_on", models.DateField(blank=True, null=True)),
                ("passed_on_at", models.DateTimeField(blank=True, null=True)),
                ("provider", models.CharField(blank=True, max_length=20)),
                ("provider_ref", models.CharField(blank=True, max_length=100)),
                ("length", models.PositiveIntegerField(default=0)),
                ("segments", models.PositiveSmallIntegerField(default=0)),
                ("cost", models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="notifications.contact"
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.message",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="places.municipality"
                    ),
                ),
                (
                    "resend_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="resent",
                        to="notifications.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["municipality", "due_at"], name="message_due"
                    ),
                    models.Index(
                        condition=models.Q(("expires_at__isnull", False), ("state", "queued")),
                        fields=["expires_at"],
                        name="message_late",
                    ),
                    models.Index(
                        condition=models.Q(("state", "claimed")), fields=["claimed_at"], name="message_claimed"
                    ),
                    models.Index(
                        condition=models.Q(("passed_on_at__isnull", True), ("state", "unknown")),
                        fields=["settled_at"],
                        name="message_unsettled",
                    ),
                    models.Index(
                        condition=models.Q(("channel__in", ["push", "sms"]), ("state", "sent")),
                        fields=["sent_at"],
                        name="message_unreported",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "unknown"])),
                        fields=["municipality", "-settled_at"],
                        name="message_not_arrived",
                    ),
                    models.Index(fields=["contact", "-created_at"], name="message_inbox"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "в приложението"),
                            ("push", "известие"),
                            ("sms", "SMS"),
                            ("email", "имейл"),
                            ("voice", "обаждане"),
                            ("paper", "на хартия"),
                        ],
                        max_length=10,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("handed", models.PositiveIntegerField(default=0)),
                ("in_time", models.PositiveIntegerField(default=0)),
                ("delivered", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("unknown", models.PositiveIntegerField(default=0)),
                ("expired", models.PositiveIntegerField(default=0)),
                ("segments", models.PositiveIntegerField(default=0)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.municipality"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["hour"], name="figure_by_hour")],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "channel", "hour"), name="one_figure_an_hour")
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(max_length=120)),
                ("body", models.TextField(max_length=1200)),
                ("short", models.TextField(max_length=460)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="message_templates",
                        to="places.municipality",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "kind", "language"), name="one_template_a_language")
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("endpoint", core.fields.EncryptedTextField(blank=True, default="")),
                ("endpoint_hash", models.CharField(db_index=True, max_length=32)),
                ("p256dh", core.fields.EncryptedTextField(blank=True, default="")),
                ("auth", core.fields.EncryptedTextField(blank=True, default="")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_subscriptions",
                        to="notifications.contact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("contact", "endpoint_hash"), name="one_subscription_a_browser")
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueLength",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "в приложението"),
                            ("push", "известие"),
                            ("sms", "SMS"),
                            ("email", "имейл"),
                            ("voice", "обаждане"),
                            ("paper", "на хартия"),
                        ],
                        max_length=10,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                ("waiting", models.PositiveIntegerField(default=0)),
                ("oldest_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.municipality"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "channel"), name="one_length_a_channel")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="webhooksubscription",
            index=models.Index(fields=["municipality", "created_at"], name="webhook_of_municipality"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["subscription", "due_at"], name="webhook_due"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state", "claimed")), fields=["subscription", "claimed_at"], name="webhook_claimed"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["subscription", "-created_at", "-id"], name="webhook_log"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["created_at"], name="webhook_by_age"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("subscription", "key"), name="one_delivery_of_an_event"),
        ),
    ]
