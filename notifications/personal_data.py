"""Where personal data rests in this room."""

from core.register import Area, Kind, Nobodys, Rows

WITH_THE_PERSON = "as long as whom it belongs to: resident, relative or volunteer"
OUTBOX = "texts and recipient 90 days (per municipality); the bare receipt 12 months"

ROWS = [
    Rows(
        "notifications.Contact", whose="resident, relative, volunteer", why="to reach the person as they wish",
        kept=WITH_THE_PERSON, erased="emptied and stopped",
        sealed={"phone": "telephone", "email": "e-mail"}, hashed={"phone_hash": "telephone"},
        codes="channels language stopped_channels",
    ),
    Rows(
        "notifications.ContactDay", whose="resident, relative, volunteer", why="not too many messages a day",
        kept="12 months", erased="deleted", plain={"count": "messages on a day"},
    ),
    Rows(
        "notifications.Message", whose="resident, relative, volunteer", why="the outbox, and what became of it",
        kept=OUTBOX, erased="deleted, also those to others that name the person",
        sealed={"subject": "text", "body": "text", "short": "text", "recipient": "telephone or e-mail"},
        codes="channel key kind message_class link reply_code state failure provider provider_ref",
    ),
    Rows(
        "notifications.InboundMessage", whose="whoever wrote", why="an answer by SMS",
        kept="90 days (per municipality)",
        erased="deleted by the keyed hash of the number",
        sealed={"sender": "telephone", "text": "what was written"}, hashed={"sender_hash": "telephone"},
        codes="masked reference state handled_as",
    ),
    Rows(
        "notifications.Callback", whose="whoever rang", why="somebody must ring back", kept="90 days after it is done",
        erased="deleted by the keyed hash of the number",
        sealed={"phone": "telephone", "reason": "why", "note": "what was said",
        "recording_url": "where a voicemail is"},
        hashed={"phone_hash": "telephone"}, codes="language source result",
    ),
    Rows(
        "notifications.DeskTask", whose="resident, volunteer", why="what a person at the desk must do",
        kept="12 months after it is done", erased="open ones are closed; notes emptied",
        sealed={"note": "what was said"}, codes="kind subject_type facts result",
    ),
    Rows(
        "notifications.PushSubscription", whose="volunteer", why="notifications in a browser",
        kept="until it is switched off or the push service forgets it", erased="deleted",
        sealed={"endpoint": "address of the browser", "p256dh": "key of the browser", "auth": "secret of the browser"},
        hashed={"endpoint_hash": "address of the browser"},
    ),
]  # fmt: skip

NOBODYS = [
    Nobodys("notifications.CallbackEvent", "the telephone system's own number of an event", "reference"),
    Nobodys("notifications.Provider", "a gateway", "code"),
    Nobodys("notifications.MessageHour", "counts", "channel"),
    Nobodys("notifications.FailureHour", "counts", "channel cause"),
    Nobodys("notifications.QueueLength", "counts", "channel"),
    Nobodys("notifications.MessageTemplate", "words for everybody, with gaps", "kind language subject body short"),
    Nobodys(
        "notifications.WebhookSubscription", "another system; its secrets are sealed",
        "label url events scopes secret old_secret old_secret_until pause_reason",
    ),
    Nobodys(
        "notifications.WebhookDelivery", "ids and codes; a person is read when it is sent and never stored",
        "key event data about_type state failure",
    ),
]  # fmt: skip

AREAS = [
    Area(
        "VAR_DIR/messages", Kind.FILE, what="text and recipient of a message", whose="resident, volunteer",
        why="where a modem's program takes SMS from, and the demonstration's telephones",
        how="files only the service can read",
        kept="until the modem takes them; what is left, 7 days", erased="files with the person's number are removed",
        written_by=("notifications/channels/file.py",),
    ),
    Area(
        "SMS gateway", Kind.AWAY, what="telephone and text", whose="resident, relative, volunteer",
        why="to send an SMS", how="TLS; the contract with the provider", kept="by the provider, as its contract says",
        erased="by the provider's term",
    ),
    Area(
        "mail server", Kind.AWAY, what="address and text", whose="resident, volunteer, staff", why="to send mail",
        how="TLS", kept="by the server, as its contract says", erased="by the server's term",
    ),
    Area(
        "another system of the municipality",
        Kind.AWAY, what="name, telephone, address, where an administrator allowed it",
        whose="resident", why="a municipal register that needs it", how="https, signed, the maker's rights asked anew",
        kept="by that system", erased="its owner is told by the desk",
    ),
    Area(
        "push key", Kind.FILE, what="the installation's own push key", whose="nobody",
        why="signs what a browser is sent",
        how="a file only the service can read", kept="always", erased="holds nobody",
        written_by=("notifications/push/vapid.py",),
    ),
]  # fmt: skip
