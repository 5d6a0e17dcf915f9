"""Where personal data rests below the rooms: counts of tries, queues, logs, backups."""

from core.register import Area, Kind, Nobodys, Rows

ROWS = [
    Rows(
        "core.IdempotencyRecord", whose="a program's user", why="a repeated call makes nothing new", kept="2 days",
        erased="holds keys only", hashed={"key_hash": "who called, and their key", "body_hash": "what was sent"},
        codes="location",
    ),
]  # fmt: skip

NOBODYS = [
    Nobodys("core.InstallationMark", "facts of the installation", "kind note"),
    Nobodys("core.CspCount", "what browsers kept out, counted by day: a rule and a host", "directive blocked"),
]

AREAS = [
    Area(
        "cache: tries", Kind.CACHE, what="network address", whose="whoever tries",
        why="guessing and flooding is slowed",
        how="keyed hash", kept="minutes to an hour", erased="by itself", written_by=("core/tries.py",),
    ),
    Area(
        "cache: tasks of a flood", Kind.CACHE, what="nothing: a task that was used", whose="nobody",
        why="a computation counts once", how="hash of a random word", kept="15 minutes", erased="by itself",
        written_by=("core/flood.py",),
    ),
    Area(
        "cache: sign-in attempts", Kind.CACHE, what="network address, e-mail", whose="whoever signs in",
        why="guessing is slowed", how="hash made by the sign-in library", kept="minutes to a day", erased="by itself",
    ),
    Area(
        "broker", Kind.FILE, what="names of tasks and keys of rows", whose="nobody by name",
        why="a nudge to the workers",
        how="keys only", kept="until a worker takes it", erased="holds no name", written_by=("core/files_broker.py",),
    ),
    Area(
        "kill points of the proofs", Kind.FILE, what="names of places in the code", whose="nobody", why="proofs",
        how="empty files", kept="one test", erased="holds nobody", written_by=("core/killpoints.py",),
    ),
    Area(
        "catalogues of texts", Kind.FILE, what="the program's own sentences", whose="nobody", why="translation",
        how="part of the program", kept="always", erased="holds nobody", written_by=("core/catalogues.py",),
    ),
    Area(
        "logs", Kind.LOG, what="keys, codes, names of errors; never a name, a number or a text", whose="nobody by name",
        why="to see what went wrong",
        how="keys only; of who is refused, or signs in, also a shortened keyed hash of the address",
        kept="as the machine keeps its journal, and the one they are sent to; 30 days are enough",
        erased="holds no name",
        written_by=(
            "core/nudge.py", "core/failures.py", "accounts/mail.py", "accounts/sign_in_log.py",
            "accounts/services/factors.py", "accounts/services/printed.py", "notifications/services/wordings.py",
            "notifications/services/sending.py",
            "notifications/services/webhook_sending.py", "notifications/channels/http.py",
            "notifications/channels/attachments.py", "requests/services/sweep.py", "requests/services/replies.py",
            "planning/services/regions.py", "planning/services/parts.py", "planning/services/rounds.py",
            "planning/services/advice.py", "planning/services/joins.py", "planning/services/ladder.py",
            "planning/web/candidates.py",
            "places/osrm.py", "core/middleware.py", "core/refusals.py", "core/shared_counts.py",
            "requests/services/anchoring.py",
        ),
    ),
    Area(
        "backups", Kind.FILE, what="the whole database", whose="everybody", why="to begin again after a loss",
        how="sealed fields stay sealed; the keys are kept elsewhere", kept="30 days",
        erased="with the backup; a restored one has the erasures replayed (`manage.py replay_erasures`)",
    ),
]  # fmt: skip
