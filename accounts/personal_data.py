"""Where personal data rests in this room, and in the tables of what signs people in."""

from core.register import Area, Kind, Nobodys, Rows

WORKS_HERE = "as long as the person works or helps here, a year after; then emptied"

ROWS = [
    Rows(
        "accounts.User", whose="staff, volunteer", why="to sign in", kept=WORKS_HERE,
        erased="name and address emptied, sign-in closed", sealed={"name": "name"},
        hashed={"password": "password (Argon2)"},
        plain={
            "email": "the address one signs in with; looked up in clear by the sign-in",
            "doubted_at": "when their reading last looked unusual",
        }, codes="language",
    ),
    Rows(
        "accounts.Membership", whose="staff, volunteer", why="what one may do, where", kept=WORKS_HERE,
        erased="ended", plain={"user": "who, by key"}, codes="role",
    ),
    Rows(
        "accounts.Membership_settlements", whose="staff", why="the kmetstvo a clerk works for", kept=WORKS_HERE,
        erased="ended", plain={"settlement": "workplace"},
    ),
    Rows(
        "accounts.Invitation", whose="staff", why="the way in for one person", kept="12 months", erased="deleted",
        sealed={"email": "e-mail", "name": "name"}, hashed={"secret_hash": "secret of a link"}, codes="role",
    ),
    Rows(
        "accounts.ApiToken", whose="staff", why="the way in for a program", kept="until it expires, and 12 months",
        erased="revoked", hashed={"secret_hash": "secret"}, plain={"label": "what its maker called it"}, codes="scopes",
    ),
    Rows(
        "accounts.Knock", whose="whoever asks for a code or a new password", why="to find out whose telephone it is",
        kept="what was typed until it is looked up, seconds; the row a day", erased="gone within a day",
        sealed={"typed": "telephone or e-mail"},
        hashed={"code_hash": "one-time code", "phone_hash": "telephone that several share"}, codes="language",
    ),
    Rows(
        "accounts.Device", whose="staff, volunteer", why="to see where one is signed in, and end it",
        kept="as long as the session", erased="deleted", plain={"what": "browser and system", "seen_on": "last day"},
        hashed={"session_key": "name of the session"},
    ),
    Rows(
        "mfa.Authenticator", whose="staff, volunteer", why="second factor", kept=WORKS_HERE, erased="deleted",
        plain={
            "data": "sealed in it: the secret of an app; hashed (Argon2, keyed): printed codes; in clear: name and "
            "public key of a security key"
        },
    ),
    Rows(
        "sessions.Session", whose="staff, volunteer, resident", why="who is signed in; answers half given",
        kept="90 days at most", erased="deleted when the person's way in ends; expired ones each night",
        plain={"session_data": "keys; answers are sealed in it"}, hashed={"session_key": "name of the session"},
    ),
    Rows(
        "account.EmailAddress", whose="staff, volunteer", why="the address one signs in with", kept=WORKS_HERE,
        erased="deleted", plain={"email": "e-mail"},
    ),
    Rows(
        "account.EmailConfirmation", whose="staff, volunteer", why="an address is confirmed", kept="three days",
        erased="deleted", hashed={"key": "secret of a link"}, codes="email_address",
    ),
]  # fmt: skip

NOBODYS = [
    Nobodys("auth.Permission", "Django's own, not used", "name codename"),
    Nobodys("auth.Group", "Django's own, not used", "name"),
    Nobodys("auth.Group_permissions", "Django's own, not used"),
    Nobodys("contenttypes.ContentType", "names of tables", "app_label model"),
]

AREAS = [
    Area(
        "session: municipality and role", Kind.SESSION, what="key of a membership", whose="staff, volunteer",
        why="who is a member of several", how="a key", kept="with the session", erased="with the session",
        written_by=("accounts/web/entry.py",),
    ),
    Area(
        "session: how and when one signed in", Kind.SESSION, what="method and time, e-mail of a password's sign-in",
        whose="staff, volunteer", why="asked again before what is dangerous; ends when left alone",
        how="codes and times",
        kept="with the session", erased="with the session", written_by=("accounts/entering.py",),
    ),
    Area(
        "session: a factor that is being set up", Kind.SESSION, what="secret of an app, or hashes of printed codes",
        whose="staff, volunteer", why="it counts once a code of it was copied", how="sealed", kept="until then",
        erased="with the session", written_by=("accounts/web/factors.py",),
    ),
    Area(
        "session: who asked for a code", Kind.SESSION, what="telephone or e-mail that was typed; key of the row",
        whose="volunteer", why="shown to its owner, to see a slip; whoever shares a telephone says who they are",
        how="sealed; a key", kept="until the sign-in", erased="with the session",
        written_by=("accounts/web/code.py",),
    ),
    Area(
        "list of leaked passwords", Kind.FILE, what="hashes of passwords, of nobody by name", whose="nobody",
        why="a password that leaked elsewhere is refused", how="made once, then read only", kept="always",
        erased="holds nobody", written_by=("accounts/leaked_list.py",),
    ),
    Area(
        "letters of sign-in", Kind.AWAY, what="address and one-time code", whose="staff, volunteer",
        why="to sign in without a password", how="TLS to the mail server",
        kept="in the reader's mailbox; the code some minutes",
        erased="not by us",
    ),
]  # fmt: skip
