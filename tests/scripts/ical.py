"""Calendars by a reader and writer that is not ours: python3-icalendar.

    ical.py read < feed.ics > events.json
    ical.py write < events.json > file.ics

`read` prints every event with its moments in UTC. Local times are resolved through the time zones that the calendar
itself brings along, never through those of this machine: what the library makes of the names is thrown away.

`write` takes a list of {"uid", "summary", "tzid", "start", "end"} with local times, and if it recurs {"rule",
"exdates"}.
"""

import datetime
import json
import sys

import icalendar
import pytz

DIGITS = "%Y-%m-%dT%H:%M:%S"


def resolved(zones, prop):
    """The moment that a property means, in UTC."""
    local = prop.dt
    name = prop.params.get("TZID")
    if name is None:
        assert local.utcoffset() == datetime.timedelta(0), f"{prop.to_ical()} has no zone"
        return local.astimezone(pytz.utc)
    zone = zones[name]
    naive = local.replace(tzinfo=None)
    # An hour that is lived twice: RFC 5545 means the first.
    both = [zone.localize(naive, is_dst=is_dst) for is_dst in (True, False)]
    return min(moment.astimezone(pytz.utc) for moment in both)


def read(text):
    calendar = icalendar.Calendar.from_ical(text)
    zones = {str(zone["TZID"]): zone.to_tz() for zone in calendar.walk("VTIMEZONE")}
    events = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        start = resolved(zones, event["DTSTART"])
        end = resolved(zones, event["DTEND"])
        events.append({
            "uid": str(event["UID"]),
            "summary": str(event["SUMMARY"]),
            "description": str(event.get("DESCRIPTION", "")),
            "stamp": event["DTSTAMP"].dt.strftime(DIGITS),
            "zone": event["DTSTART"].params.get("TZID"),
            "start": start.strftime(DIGITS) + "Z",
            "end": end.strftime(DIGITS) + "Z",
        })
    return {
        "name": str(calendar["X-WR-CALNAME"]),
        "method": str(calendar["METHOD"]),
        "zones": {
            name: sorted({change.to_ical() for change in offsets(calendar, name)}) for name in zones
        },
        "events": events,
    }


def offsets(calendar, name):
    """Every offset that a zone of the calendar tells of."""
    for zone in calendar.walk("VTIMEZONE"):
        if str(zone["TZID"]) == name:
            for observance in zone.subcomponents:
                yield icalendar.vUTCOffset(observance["TZOFFSETTO"].td)


def write(events):
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//a calendar program//EN")
    calendar.add("version", "2.0")
    for told in events:
        zone = pytz.timezone(told["tzid"])

        def moment(text, zone=zone):
            return zone.localize(datetime.datetime.strptime(text, DIGITS))

        event = icalendar.Event()
        event.add("uid", told["uid"])
        event.add("summary", told["summary"])
        event.add("dtstamp", datetime.datetime(2026, 1, 1, tzinfo=pytz.utc))
        event.add("dtstart", moment(told["start"]))
        event.add("dtend", moment(told["end"]))
        if "rule" in told:
            event.add("rrule", told["rule"])
        for text in told.get("exdates", []):
            event.add("exdate", moment(text))
        calendar.add_component(event)
    return calendar.to_ical()


if __name__ == "__main__":
    if sys.argv[1:] == ["read"]:
        json.dump(read(sys.stdin.buffer.read()), sys.stdout)
    elif sys.argv[1:] == ["write"]:
        sys.stdout.buffer.write(write(json.load(sys.stdin)))
    else:
        sys.exit(__doc__)
