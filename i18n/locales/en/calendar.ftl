# Calendars: what stands in them, what is said about them, and what is wrong with those that are read.

calendar-of-person = On call: { $person }
calendar-of-rota = On call: { $rota }
calendar-on-call = On call: { $rota }
calendar-by-override = By override { $id }.

calendar-opened = { $id }: { $url }
calendar-keep-secret = Whoever has this address sees these shifts. It is shown only now; opening the calendar again gives a new one and ends this one.
calendar-closed = The calendar { $id } is closed; its address leads nowhere any more.
calendar-empty = No calendar is open. "hotpotato calendar open" opens one.
calendar-unknown = There is no open calendar { $id }. "hotpotato calendar list" shows them.
calendar-column-calendar = Calendar
calendar-column-of = Of
calendar-column-since = Open since
calendar-of-a-rota = rota { $rota }
calendar-of-a-person = { $person }

calendar-import-for = + { $by } for { $of }, { $from } to { $until }
calendar-import-also = + { $by }, where nobody is on call, { $from } to { $until }
calendar-import-known = = { $by } already, { $from } to { $until }
calendar-import-summary = { $overrides ->
        [one] 1 override to make
       *[other] { $overrides } overrides to make
    }, { $known } there already; left out: { $over } that are over, { $later } that begin more than a year from now.
calendar-imported = { $overrides ->
        [0] Nothing had to be done.
        [one] 1 override is made.
       *[other] { $overrides } overrides are made.
    }
calendar-import-broken = { $done } of { $total } overrides are made; then: { $reason } Import the same calendar again: what is made already is passed over.
calendar-import-reason = From a calendar: { $uid }
calendar-import-nobody = Line { $line }: nobody is called "{ $summary }". Give the event a person's name as its title, as "hotpotato export" shows it.
calendar-import-several = Line { $line }: "{ $summary }" may mean { $people }. Use the name in the configuration as the event's title.
calendar-import-shared = Line { $line }: from { $from } on, { $people } are on call together. Say for whom with --for.
calendar-import-overlap = Line { $line }: { $by } overlaps with { $earlier } (line { $other }). Let one of the two events end before the other begins.
calendar-import-too-long = Line { $line }: the event { $uid } lasts more than 366 days. Change the rota for what is to last longer.
calendar-import-refused = { $mistakes ->
        [one] 1 event cannot be imported; nothing was changed.
       *[other] { $mistakes } events cannot be imported; nothing was changed.
    }
calendar-file-unreadable = { $file } cannot be read: { $why }
calendar-address-invalid = This is no address of a calendar: it begins with https://, http:// or webcal://.
calendar-address-unreachable = { $host } does not answer: { $why }. Try again, or save the calendar as a file and import that.
calendar-address-refused = { $host } answers with status { $number } and not with a calendar. Check the address in a browser.

calendar-too-large = The calendar is larger than { $kilobytes } KB. Export only the part that is to be imported.
calendar-not-text = The calendar is not in UTF-8. Save it again as an iCalendar file.
calendar-too-many-lines = The calendar has more than { $count } lines. Export only the part that is to be imported.
calendar-not-a-calendar = This is no iCalendar file: it does not begin with BEGIN:VCALENDAR.
calendar-no-line = Line { $line } is no line of a calendar, which is NAME:VALUE. Export the calendar again.
calendar-unbalanced = Line { $line }: something begins and does not end, or ends without a beginning. The file is cut off or damaged: export the calendar again.
calendar-too-many-events = Line { $line }: the calendar has more than { $count } events. Export only the part that is to be imported.
calendar-too-much-happens = Line { $line }: the events happen more than { $count } times, or began too long ago. Let the event end earlier, or begin later.
calendar-bad-value = Line { $line }: "{ $value }" is no value of { $name }. Correct the event, or export the calendar again.
calendar-unknown-zone = Line { $line }: the time zone "{ $zone }" is not in the file and not known. Give the event a zone such as Europe/Berlin.
calendar-no-start = Line { $line }: the event { $uid } does not say when it begins (DTSTART).
calendar-backwards = Line { $line }: the event { $uid } does not end after its beginning. Correct its end.
calendar-not-read = Line { $line }: { $what } is not understood here. Enter these events one by one.
