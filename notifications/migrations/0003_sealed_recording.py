"""The address of a voicemail names who rang: it is sealed, those that stand already too."""

from typing import Any

from django.db import migrations

import core.fields
from core import crypto


def seal(apps: Any, schema_editor: Any) -> None:
    callbacks = apps.get_model("notifications", "Callback")
    for key, plain in callbacks.objects.values_list("pk", "recording_url").iterator(chunk_size=500):
        if plain:
            sealed = crypto.seal(plain, bound_to=f"notifications_callback.recording_url:{key}")
            callbacks.objects.filter(pk=key).update(recording_url=core.fields.Sealed(sealed))


def unseal(apps: Any, schema_editor: Any) -> None:
    callbacks = apps.get_model("notifications", "Callback")
    for key, sealed in callbacks.objects.values_list("pk", "recording_url").iterator(chunk_size=500):
        if sealed:
            plain = crypto.unseal(sealed, bound_to=f"notifications_callback.recording_url:{key}")
            callbacks.objects.filter(pk=key).update(recording_url=core.fields.Sealed(plain[:300]))


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_pressing_first")]

    operations = [
        migrations.AlterField(
            model_name="callback",
            name="recording_url",
            field=core.fields.EncryptedTextField(blank=True, default=""),
        ),
        migrations.RunPython(seal, unseal),
    ]
