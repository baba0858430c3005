#!/usr/bin/env python3
"""Who is on call, worked out a second time: by looking at a clock on the wall in every single minute.

Prints generated rotas with the shifts that must come of them, for `oracle.rs` to hold against ours; takes some minutes:

    python3 domain/src/rota/tests/oracle.py > domain/src/rota/tests/oracle.json

It was written from the contract's text and shares neither code nor method with the house: no arithmetic of time zones,
only `zoneinfo` of Python's standard library on the system's time-zone data, asked minute by minute.

The rules, as the contract has them:

* The n-th handover is `from` plus n turns on the wall clock; a month without that day hands over on its last. Where the
  wall clock skips that time, the handover is at the first minute after it; where it repeats it, at the first of the two.
* The taker of a turn is the next in the list, after the taker of the turn before, of those who take part when it begins.
* `hours` begin at the first and end at the last occurrence of their times; what is skipped is the first minute after it.
* Before `from` a layer has nobody; a later layer wins where it has somebody; neighbours never have the same people.

Moments lie in 1996 to 2030, where the data that Python reads and the data that is compiled in say the same.
"""

import calendar
import json
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

SEED = 20261122
CASES = 420
ROWS_MAX = 14
DATA = "/usr/share/zoneinfo/tzdata.zi"
YEARS = (1996, 2030)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# What is walked through before what is listed, so that whatever began earlier is known.
BEFORE = 4 * DAY
# The zones that the contract's tests name come most often.
NAMED = [
    "Europe/Berlin", "Europe/Rome", "America/Chicago", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata",
    "Pacific/Apia", "UTC",
]
OTHERS = [
    "Africa/Cairo", "Africa/Johannesburg", "America/Asuncion", "America/Caracas", "America/Havana",
    "America/Los_Angeles", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund",
    "America/St_Johns", "Antarctica/Troll", "Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Kathmandu",
    "Asia/Pyongyang", "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Sydney",
    "Europe/Dublin", "Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Europe/Moscow", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Tongatapu",
]
EPOCH = datetime(1970, 1, 1)


def minutes(wall):
    """A wall-clock time as a number: minutes since the beginning of 1970 on that clock."""
    return (wall - EPOCH) // MINUTE


class Walk:
    """What the clock on the wall shows in each minute from one moment to another."""

    def __init__(self, zone, begins, count):
        self.begins, self.count = begins, count
        self.shown = []
        for number in range(count):
            moment = (begins + number * MINUTE).replace(tzinfo=timezone.utc)
            self.shown.append(minutes(moment.astimezone(zone).replace(tzinfo=None)))
        self.first_at, self.last_at = {}, {}
        for number, shown in enumerate(self.shown):
            self.first_at.setdefault(shown, number)
            self.last_at[shown] = number

    def find(self, wall, occurrences):
        wall = minutes(wall)
        if wall in occurrences:
            return occurrences[wall]
        if wall < self.shown[0]:
            return 0
        for number in range(1, self.count):
            if self.shown[number - 1] < wall < self.shown[number]:
                return number
        return self.count

    def first(self, wall):
        return self.find(wall, self.first_at)

    def last(self, wall):
        return self.find(wall, self.last_at)


def handover(every, unit, begins, number):
    """The wall-clock time of a handover."""
    units = every * number
    if unit == "mo":
        month = begins.year * 12 + begins.month - 1 + units
        year, month = month // 12, month % 12 + 1
        day = min(begins.day, calendar.monthrange(year, month)[1])
        return begins.replace(year=year, month=month, day=day)
    return begins + {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[unit] * units


def turns(layer, offset, end):
    """The wall-clock time at which each turn begins, and who takes it."""
    begin, takers, last = [], [], -1
    members = layer["members"]
    while True:
        wall = handover(layer["every"], layer["unit"], layer["from"], len(begin))
        taker = None
        for step in range(1, len(members) + 1):
            people, since, until = members[(last + step) % len(members)]
            if (since is None or since <= wall) and (until is None or wall < until):
                taker = (last + step) % len(members)
                last = taker
                break
        begin.append(wall)
        takers.append(members[taker][0] if taker is not None else "")
        # So many turns more than are walked through are known, for those who look at the next in turn.
        if len(begin) > offset + 2 and begin[-offset - 2] > end:
            return begin, takers


def is_open(walk, hours):
    """In which minutes the layer has somebody."""
    if not hours:
        return [True] * walk.count
    open_in = [False] * walk.count
    day = (EPOCH + min(walk.shown) * MINUTE).date()
    last = (EPOCH + max(walk.shown) * MINUTE).date()
    day -= timedelta(days=2)
    while day <= last:
        midnight = datetime(day.year, day.month, day.day)
        for days, begins, ends in hours:
            if day.weekday() in days:
                # One that ends at or before its beginning ends on the next day.
                until = ends if ends > begins else ends + DAY
                first, end = walk.first(midnight + begins * MINUTE), walk.last(midnight + until * MINUTE)
                for number in range(first, end):
                    open_in[number] = True
        day += timedelta(days=1)
    return open_in


def shifts(rota, walk, offset):
    """For each minute who is on call, and by which layer."""
    on_call = [("", 0)] * walk.count
    end = EPOCH + (max(walk.shown) + 2 * DAY) * MINUTE
    for number, layer in enumerate(rota, 1):
        open_in = is_open(walk, layer["hours"])
        begin, takers = turns(layer, offset, end)
        begin = [walk.first(wall) for wall in begin]
        for turn in range(len(begin) - offset - 1):
            people = takers[turn + offset]
            for minute in range(begin[turn], begin[turn + 1]):
                if people and open_in[minute]:
                    on_call[minute] = (people, number)
    return on_call


def changes(zone):
    """The moments, to the hour, after which clocks are changed."""
    moment, found = datetime(YEARS[0], 1, 1, tzinfo=timezone.utc), []
    offset = moment.astimezone(zone).utcoffset()
    while moment.year < YEARS[1]:
        moment += timedelta(days=1)
        now = moment.astimezone(zone).utcoffset()
        if now != offset:
            hour = moment - timedelta(days=1)
            while (hour + timedelta(hours=1)).astimezone(zone).utcoffset() == offset:
                hour += timedelta(hours=1)
            found.append(hour.replace(tzinfo=None))
            offset = moment.astimezone(zone).utcoffset()
    return found


def quarter(chance, wall, spread):
    """A quarter of an hour near a wall-clock time."""
    return wall.replace(minute=wall.minute // 15 * 15) + chance.randint(-spread, spread) * timedelta(minutes=15)


def generated_hours(chance):
    spans = []
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        first, count = chance.randrange(7), chance.choice([1, 2, 5, 7])
        days = [(first + day) % 7 for day in range(count)]
        begins = chance.choice([0, 60, 90, 120, 135, 150, 180, 540, 1080, chance.randrange(96) * 15])
        ends = chance.choice([60, 120, 150, 165, 180, 480, 1080, 1440, (chance.randrange(96) + 1) * 15])
        spans.append((days, begins, ends))
    return spans


def generated_layer(chance, change, units, is_dated):
    """A layer with turns in these units, near a wall-clock time at which clocks are changed."""
    every, unit = chance.choice(units)
    members = []
    for name in chance.sample("abcdef", chance.randint(1, 4)):
        since = until = None
        if is_dated and chance.random() < 0.3:
            since = quarter(chance, change, 4 * 24 * 4)
        if is_dated and chance.random() < 0.3:
            until = quarter(chance, since or change, 4 * 24 * 4) + timedelta(days=5)
        people = name + chance.choice(["", "", "", "z"])
        members.append((people, since, until))
    begins = quarter(chance, change, 4)
    kind = chance.random()
    if kind < 0.6:
        # Some turns before, at the same time of day: one of them falls on the change.
        back = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}.get(unit)
        if back:
            begins -= back * every * chance.randint(1, 9)
        else:
            begins = handover(1, "mo", begins.replace(day=min(begins.day, 28)), -every * chance.randint(1, 9))
            begins = begins.replace(day=min(change.day, calendar.monthrange(begins.year, begins.month)[1]))
    elif kind < 0.8:
        begins = quarter(chance, change, 3 * 24 * 4)
    return {"members": members, "every": every, "unit": unit, "from": begins, "hours": generated_hours(chance)}


UNITS = [
    (4, [(1, "h"), (2, "h"), (3, "h"), (5, "h"), (12, "h"), (24, "h"), (1, "d")]),
    (9, [(1, "d"), (2, "d"), (24, "h"), (36, "h"), (7, "d"), (1, "w")]),
    (60, [(1, "w"), (2, "w"), (1, "mo"), (10, "d")]),
    (150, [(1, "mo"), (2, "mo"), (5, "w")]),
]


def local(zone, moment):
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).isoformat(timespec="minutes")


def generated(chance, name, known):
    zone = ZoneInfo(name)
    if name not in known:
        known[name] = changes(zone)
    changed = known[name]
    if name == "Pacific/Apia" and chance.random() < 0.5:
        change = datetime(2011, 12, 30, 10)
    elif changed and chance.random() < 0.9:
        change = chance.choice(changed)
    else:
        change = datetime(chance.randint(YEARS[0] + 1, YEARS[1] - 1), chance.randint(1, 12), chance.randint(1, 28), 2)
    days, units = chance.choice(UNITS)
    begins = change - timedelta(minutes=chance.randint(1, days * DAY * 2 // 3))
    walk = Walk(zone, begins - BEFORE * MINUTE, days * DAY + 2 * BEFORE)
    # What clocks would show, had they not been changed.
    shown = (change.replace(tzinfo=timezone.utc).astimezone(zone) + timedelta(hours=1)).replace(tzinfo=None)
    is_dated = chance.random() < 0.4
    rota = [generated_layer(chance, shown, units, is_dated) for _ in range(chance.choice([1, 1, 2, 3]))]
    offset = 0 if is_dated else chance.choice([0, 0, 0, 1, 2])
    on_call = shifts(rota, walk, offset)
    rows = []
    for minute in range(BEFORE, BEFORE + days * DAY):
        if not rows or rows[-1][1] != on_call[minute][0]:
            rows.append((minute, *on_call[minute]))
    # What is listed lies around the change.
    near = sum(walk.begins + row[0] * MINUTE <= change for row in rows)
    begin = max(0, near - ROWS_MAX // 2)
    rows = [*rows, (BEFORE + days * DAY, "", 0)][begin:begin + ROWS_MAX + 1]
    minute = rows.pop()[0]
    at = lambda number: local(zone, walk.begins + number * MINUTE)
    listed = [f"{at(number)} {layer} {people}" if people else at(number) for number, people, layer in rows]
    return {"zone": name, "offset": offset, "layers": [written(layer) for layer in rota], "shifts": listed + [at(minute)]}


def written(layer):
    wall = lambda moment: moment and moment.isoformat(timespec="minutes")
    clock = lambda minute: f"{minute // 60:02}:{minute % 60:02}"
    hours = []
    for days, begins, ends in layer["hours"]:
        hours.append(f"{DAYS[days[0]]}-{DAYS[days[-1]]} {clock(begins)}-{clock(ends)}")
    members = [[people, wall(since), wall(until)] for people, since, until in layer["members"]]
    every = f"{layer['every']}{layer['unit']}"
    return {"members": members, "every": every, "from": wall(layer["from"]), "hours": hours}


def main():
    chance, known = random.Random(SEED), {}
    with open(DATA, encoding="ascii") as data:
        version = data.readline().removeprefix("# version ").strip()
    cases = []
    while len(cases) < CASES:
        name = chance.choice(NAMED) if len(cases) % 3 else chance.choice(OTHERS)
        case = generated(chance, name, known)
        # A rota that never has anybody proves little.
        if len(case["shifts"]) > 2:
            cases.append(json.dumps(case, separators=(",", ":")))
    print(f'{{"time_zone_data":"{version}","years":"{YEARS[0]} to {YEARS[1]}","cases":[')
    print(",\n".join(cases))
    print("]}")


if __name__ == "__main__":
    main()
