"""Where personal data rests in this room."""

from core.register import Area, Kind, Nobodys, Rows

CONTACT_DATA = "12 months after the last request, 16 with consent to be reminded (both per municipality)"
WITH_THE_PERSON = "as long as the person's contact data"
JOURNAL = "5 years (per municipality)"

ROWS = [
    Rows(
        "requests.Resident", whose="the resident", why="to know who asked, and to find the door",
        kept=CONTACT_DATA, erased="emptied; the row stays with its settlement, for the statistics",
        sealed={"first_name": "name", "middle_name": "name", "last_name": "name", "address_note": "address"},
        plain={"needs": "needs, as codes (hearing, sight, steps): seldom health, never a diagnosis"},
    ),
    Rows(
        "requests.ResidentNameKey", whose="the resident", why="the clerk's search by a name typed with a slip",
        kept=WITH_THE_PERSON, erased="deleted", hashed={"key": "name (docs/adr/0004 says what it reveals)"},
    ),
    Rows(
        "requests.PersonRule", whose="the resident and the volunteer", why="who should and should not meet",
        kept=WITH_THE_PERSON, erased="deleted", sealed={"note": "the reason"}, codes="kind",
    ),
    Rows(
        "requests.HelpRequest", whose="the resident; who asked for them", why="what help is needed, when and how",
        kept=WITH_THE_PERSON, erased="texts, hashes and tracking code emptied; service, place, times and outcome stay",
        sealed={
            "asker_name": "name of who asked", "asker_phone": "telephone of who asked",
            "note": "what the person told", "safe_word": "safe word", "tracking_code": "tracking code",
        },
        hashed={"asker_phone_hash": "telephone of who asked", "tracking_hash": "tracking code"},
        codes="source asked_by mode language urgency urgency_reason state outcome next_step unserved_reason "
        "unserved_with",
    ),
    Rows(
        "requests.FreeTime", whose="the resident", why="when the person is at home", kept=WITH_THE_PERSON,
        erased="deleted", plain={"weekday": "hours at home", "day": "hours at home"},
    ),
    Rows(
        "requests.Consent", whose="the resident", why="that they were told and asked, and what they said",
        kept=WITH_THE_PERSON, erased="copied into the sealed store, then deleted", plain={"answer": "yes or no"},
        sealed={"asked_words": "what the messages said"}, codes="way text_version",
    ),
    Rows(
        "requests.Agreement", whose="the resident; who speaks for them",
        why="what they let us or a relative do, in which words, until it is taken back",
        kept=WITH_THE_PERSON, erased="copied into the sealed store, then deleted",
        sealed={"name": "name of who speaks for them", "phone": "telephone of who speaks for them"},
        hashed={"phone_hash": "telephone of who speaks for them"}, codes="kind text_version way withdrawn_way",
    ),
    Rows(
        "requests.Offer", whose="the volunteer", why="who was asked, what they answered", kept=WITH_THE_PERSON,
        erased="„said by“ emptied with either person; the codes stay", sealed={"said_by": "who said it by telephone"},
        plain={"decline_reason": "why not, as a code"}, codes="state why answer_channel",
    ),
    Rows(
        "requests.Visit", whose="the resident and the volunteers", why="when somebody comes, and what came of it",
        kept=WITH_THE_PERSON, erased="texts emptied; time, outcome and minutes stay",
        sealed={"note": "the visitor's note", "said": "what the person wrote afterwards"}, codes="state outcome helped",
    ),
    Rows(
        "requests.VisitSeat", whose="the volunteer", why="who comes", kept=WITH_THE_PERSON,
        erased="stays: keys and times", plain={"volunteer": "who, by key"},
    ),
    Rows(
        "requests.VisitDifficulty", whose="the resident", why="what stops people, for the statistics",
        kept="with the visit", erased="stays: codes", plain={"difficulty": "what stopped the person, as a code"},
        codes="phase",
    ),
    Rows(
        "requests.JournalEntry", whose="residents, volunteers, staff", why="what happened, for disputes and audits",
        kept=JOURNAL, erased="stays: keys and codes of a row that no longer names anybody",
        plain={"actor": "who acted, by key"},
        codes="subject_type verb from_state to_state facts",
    ),
    Rows(
        "requests.JournalLink", whose="the resident", why="what was taken out of the journal is noticed",
        kept=JOURNAL, erased="stays: keys of entries", plain={"help_request_id": "the request, by key"},
        codes="digest entry_ids",
    ),
    Rows(
        "requests.CalendarFeed", whose="the volunteer", why="their own calendar reads their visits",
        kept="until it is stopped or the volunteer leaves", erased="deleted", hashed={"token_hash": "secret of a link"},
    ),
]  # fmt: skip

ROWS += [
    Rows(
        "requests.Opening", whose="whoever reads, and whom they read about", why="who has looked at whose record",
        kept="2 years (per municipality)", erased="stays: keys of a row that no longer names anybody",
        plain={"reader_id": "who, by key", "person_id": "about whom, by key", "settlement_code": "their village"},
        hashed={"place": "network address, shortened"}, codes="role subject_type door",
    ),
    Rows(
        "requests.UnusualReading", whose="whoever reads", why="somebody should ask", kept="2 years (per municipality)",
        erased="stays: a key and a code", plain={"reader_id": "who, by key"}, codes="rule",
    ),
]  # fmt: skip

ROWS += [
    Rows(
        "requests.Erasure", whose="who was erased", why="a restored backup has it replayed", kept="always: keys only",
        erased="is the erasure", plain={"person_id": "who, by a key that leads to an emptied row"}, codes="who because",
    ),
    Rows(
        "requests.Evidence", whose="resident, volunteer", why="consent, mandate or incident must be shown later",
        kept="5 years (per municipality)", erased="outlives it, under its own key; opened with a reason",
        sealed={"body": "what is to be shown"}, plain={"person_id": "who, by key"}, codes="kind",
    ),
    Rows(
        "requests.EvidenceOpening", whose="whoever opened the store", why="who read it, and for what reason",
        kept="with what was opened", erased="stays",
        plain={"reader_id": "who, by key", "reason": "the reason they gave"},
    ),
]  # fmt: skip

NOBODYS = [
    Nobodys("requests.Event", "a public help day", "name"),
    Nobodys("requests.JournalAnchor", "one digest a night over all chains", "digest"),
    Nobodys("requests.KeepingTerms", "settings of a municipality"),
    Nobodys("requests.KeepingRun", "counts of a night", "counts"),
]

AREAS = [
    Area(
        "VAR_DIR/erasures.jsonl", Kind.FILE, what="keys of who was erased", whose="nobody by name",
        why="a restored backup of the database knows only the older ones", how="keys only", kept="always",
        erased="is the list of erasures", written_by=("requests/services/erasure.py",),
    ),
    Area(
        "session: answers of somebody who asks for help", Kind.SESSION, what="name, telephone, address, the question",
        whose="the resident", why="six questions, one page each", how="sealed, bound to this conversation",
        kept="until it is sent, the browser closes, or two weeks", erased="with the session, each night",
        written_by=("requests/web/answers.py",),
    ),
    Area(
        "session: the request a visitor sees", Kind.SESSION, what="key of the request, and of the mandate it opened by",
        whose="the resident",
        why="no code in an address", how="a key", kept="until the browser closes, two weeks at most",
        erased="leads to an emptied row", written_by=("requests/web/own.py", "requests/web/home.py"),
    ),
    Area(
        "paper", Kind.AWAY, what="name, address, appointment", whose="the resident",
        why="who has no telephone gets it on paper", how="printed by a member of staff; its opening is written down",
        kept="by whoever printed it: shred it after the visit", erased="not by us: the sheet says so",
    ),
    Area(
        "calendar of a volunteer", Kind.AWAY, what="service, village and time; no name, no address",
        whose="the resident",
        why="the volunteer's own calendar", how="a secret link over https", kept="60 days back",
        erased="holds nobody's name",
    ),
]  # fmt: skip
