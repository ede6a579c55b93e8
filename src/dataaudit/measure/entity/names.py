"""Names that say: this column names a person or a thing that may have several rows."""

from __future__ import annotations

import re

PERSONS = (
    "patient|subject|participant|respondent|person|individual|donor|user|member|customer|client|buyer|seller|vendor|"
    "merchant|employee|worker|annotator|rater|speaker|writer|author|driver|player|athlete|student|pupil|teacher|"
    "physician|doctor|surgeon|judge|juror|reviewer|candidate|borrower|animal|cow|mouse|rat|dog|horse|bird"
)
PLACES = (
    "station|site|sensor|buoy|well|borehole|plot|farm|catchment|watershed|gauge|household|family|hospital|clinic|"
    "school|store|shop|company|firm|bank|venue|building|apartment|hotel|restaurant"
)
THINGS = (
    "account|device|machine|vehicle|truck|phone|video|movie|film|song|track|photo|image|slide|scan|specimen|document|"
    "article|book|recording|clip|session|trip|conversation|episode|experiment|batch|molecule|compound|protein|tree|"
    "card|contract|policy|loan"
)
# Short for an entity in some field: clinical trials, household surveys.
ABBREVIATIONS = "usubjid|subjid|siteid|pid|uid|msisdn|imei|mmsi|callsign"
NUMBER = "id|ids|no|nr|num|number|code|key|uuid|guid|hash|ref|identifier|name"
WORD = re.compile(rf"(?:{PERSONS}|{PLACES}|{THINGS})")
NAMED = re.compile(rf"(?:{PERSONS}|{PLACES}|{THINGS})(?:_?(?:{NUMBER}))?")
# Letters of any alphabet: a \w that is neither digit nor underscore.
ANY_ID = re.compile(r"([^\W\d_]+)_(?:id|uuid|guid)")
# Words that make a count, a measure or a property of what they stand with.
NO_ENTITY = frozenset(
    {
        *("n", "num", "number", "count", "total", "nb", "sum", "avg", "mean", "max", "min", "first", "last", "lag"),
        *("is", "has", "new", "per", "ratio", "share", "rate", "age", "index", "row", "record", "visit", "unnamed"),
        *("type", "kind", "category", "status", "class", "genre", "level", "language", "currency", "version", "log"),
        *("country", "region", "state", "colour", "color", "years", "months", "days", "hours", "time", "since", "at"),
    }
)
CALENDAR = re.compile(
    r"(^|_)(year|yr|quarter|season|month|week|weekday|day|dow|doy|date|hour|minute|time|age|decade)(_|$)"
)
WITHIN = re.compile(r"(no|nr|num|number|index|idx|id|seq)")


def words_of(name: str) -> str:
    """Return a name in snake case.

    >>> words_of("PatientID"), words_of("site.No"), words_of("userid")
    ('patient_id', 'site_no', 'userid')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[\W_]+", "_", spaced).strip("_").lower()


def names_an_entity(name: str) -> bool:
    """Return whether a name says patient, station, video, ..., or ends in _id.

    The word stands at the end, with or without id, number or the like: `home_station`, `user_id`; but
    neither `user_age` nor `n_users`.

    >>> [names_an_entity(name) for name in ("patient", "UserID", "home_station_no", "movie_id", "ключ_id")]
    [True, True, True, True, True]
    >>> [names_an_entity(name) for name in ("user_age", "n_users", "number_customer_calls", "store_type", "id")]
    [False, False, False, False, False]
    >>> [names_an_entity(name) for name in ("occupation", "month", "age", "genre_id", "num_store")]
    [False, False, False, False, False]
    """
    words = words_of(name)
    if words in ABBREVIATIONS.split("|"):
        return True
    parts = words.split("_")
    for start in range(len(parts)):
        if NAMED.fullmatch("_".join(parts[start:])):
            return not NO_ENTITY.intersection(parts[:start])
    any_id = ANY_ID.fullmatch("_".join(parts[-2:]))
    return any_id is not None and not NO_ENTITY.intersection(parts[:-1])


def names_a_moment(name: str) -> bool:
    """Return whether a name says year, month, hour or age: levels that hold many rows and are no thing.

    >>> names_a_moment("pickupMonth"), names_a_moment("agent")
    (True, False)
    """
    return CALENDAR.search(words_of(name)) is not None


def names_a_number(name: str) -> bool:
    """Return whether a name says nothing but number or index, as of patients within a site.

    >>> names_a_number("Nr"), names_a_number("number"), names_a_number("serial_number")
    (True, True, False)
    """
    return WITHIN.fullmatch(words_of(name)) is not None
