# What is wrong with configuration files. Straight quotes, so that what is quoted can be copied.
mistake-warning = warning
mistake-did-you-mean = Did you mean "{ $near }"?

mistake-file-unreadable = The file cannot be read: { $why }.
mistake-file-not-text = This is not a text file in UTF-8. Save it as UTF-8, or give another file.
mistake-file-too-large = The file has more than { $max } bytes. Split it into several files and give them all.
mistake-syntax = The file is not well-formed here: { $why }. Check indentation, quotes and brackets at this place and just before it.
mistake-too-deep = More than { $max } levels of lists and maps within one another. The configuration needs far fewer; check the brackets.
mistake-alias-refused = Aliases ("*name") are not supported, since they can blow up a file. Write the value out here.
mistake-tag-refused = Tags ("{ $tag }") are not supported. Leave the tag out; put text in quotes.
mistake-several-documents = A second document begins here. Put it in a file of its own and give both files, or remove the "---".
mistake-nothing-defined = The files define nothing at all. Give the files that hold people, rotas, policies and services.
mistake-key-not-text = A key must be text. Write it as a name in quotes.
mistake-duplicate-key = "{ $key }" stands here twice, first at { $place }. Keep one of the two.
mistake-defined-twice = The { $kind } "{ $name }" is already defined at { $place }. Keep one of the two definitions, or rename one.
mistake-unknown-key = "{ $key }" means nothing here. Possible: { $known }.
mistake-missing = "{ $field }" is missing. Add it, for example: { $field }: { $example }
mistake-wrong-type = Expected { $expected }, but found { $found }. Write, for example: { $example }
mistake-shape-map = a map of keys and values
mistake-shape-list = a list
mistake-shape-text = text
mistake-shape-number = a whole number
mistake-shape-yes-no = true or false
mistake-shape-nothing = nothing
mistake-bad-span = "{ $text }" is not a length of time. Write numbers with w, d, h, m, s or ms, such as 90s, 2m or 1h30m.
mistake-bad-turn = "{ $text }" does not say when people hand over. Write a number of hours, days, weeks or months, such as 12h, 1d, 1w or 1mo.
mistake-bad-hours = "{ $text }" does not say times of the week. Write days and times in quotes, such as "Mon-Fri 18:00-08:00" or "Sat-Sun 00:00-24:00".
mistake-one-way = Within the next 14 days, this step depends at times on people who can be reached over one channel only: if it fails, the step reaches nobody. Put a second contact over another channel on their ladder.
mistake-gaps =
    { $count ->
        [one] Within the next 60 days this step reaches nobody from { $from } until { $until } ({ $zone }). Then the alert goes to the next step at once.
       *[other] Within the next 60 days this step reaches nobody { $count } times, first from { $from } until { $until } ({ $zone }). Then an alert goes to the next step at once.
    }
mistake-handover-skipped = The handover of { $planned } ({ $zone }) falls into the hour that clocks skip: it is at { $shown }.
mistake-handover-repeated = The handover of { $planned } ({ $zone }) falls into the hour that comes twice: it is at the first ({ $first }), not at the second ({ $again }).
mistake-member-dates = They leave before they join: `until` must be later than `from`.
mistake-handover-year = The first handover is in the year { $year }. It can lie in { $min } to { $max }: write the moment from which on the rota counts, or a recent handover.
mistake-bad-local-time = "{ $text }" is not a local date and time. Write it in the rota's own time zone, such as "2026-11-02T09:00".
mistake-bad-choice = "{ $text }" is not possible here. Possible: { $known }.
mistake-out-of-range = { $number } is out of range. Write a number from { $min } to { $max }.
mistake-span-too-long = This is too long. The longest possible is { $span }.
mistake-contact-form = A contact method has exactly one channel. Keep one of pushover, sms and pager, and give the others names of their own.
mistake-target-form = A target names exactly one rota, person or team. Write an entry of its own for each.
mistake-offset-without-rota = "offset" means the next in turn of a rota, and there is no rota here. Remove it, or name a rota.

mistake-overrides-not-built = Overrides are no part of the files: people make them, and an apply leaves them alone. Use `hotpotato override add`.
mistake-work-not-built = Planned work is no part of the files: people plan it, and an apply leaves it alone. Use `hotpotato work start`.
mistake-matcher-not-built = Routes cannot ask for "{ $name }". Put a route that takes what is not meant before this one; without the condition this route would match too much.
mistake-channel-not-built = The channel "{ $name }" is not supported yet. There are: { $known }.

mistake-key-file-unreadable = The key cannot be read from { $file }: { $why }. The path counts from the file that names it.
mistake-key-file-empty = { $file } holds no key. Write a long random key into it.
mistake-key-file-too-large = { $file } has more than { $max } bytes; that is no key. Check the path.
mistake-key-short = The key in { $file } has only { $count } characters and may be guessed. Use { $min } or more random ones.
mistake-key-not-for-address = The key in { $file } has characters that cannot stand in an address as they are. Use letters, digits, "-", "_", "." and "~", or have the sender escape them.
mistake-key-shared = The source "{ $source }" has the same key. Give each source a key of its own; otherwise its signals cannot be told apart.

mistake-default-time-zone = There is no "time_zone"; times are told in UTC. Add the person's own, for example: time_zone: Europe/Berlin
mistake-bad-name = "{ $name }" cannot be a name here. Use up to 63 of a-z, 0-9, "-" and "_", beginning with a letter or a digit.
mistake-text-empty = There is nothing here. Write some text, or remove the key.
mistake-text-too-long = The text is too long. Use up to { $max } characters.
mistake-control-character = The text has a line break or another character that cannot be seen. Write it on one line, without control characters.
mistake-too-many = There are too many entries. Up to { $max } are possible.
mistake-unknown = There is no { $kind } "{ $name }".
mistake-unknown-contact = This person has no contact method "{ $contact }". Name one of those under "contacts".
mistake-section-absent = The files hold no "{ $section }", so names of them were not checked.
mistake-unknown-time-zone = "{ $name }" is not a time zone. Write an IANA name, such as Europe/Berlin.
mistake-phone-form = "{ $address }" is not a phone number in international form. Write "+", country code and number without spaces, such as "+393331234567".
mistake-pushover-form = This does not look like a Pushover user key, which has 30 letters and digits. Copy it from the person's Pushover page.
mistake-pager-form = "{ $address }" cannot be a pager's number. Write up to 63 visible characters without spaces, such as "7311".
mistake-address-form = "{ $address }" cannot be an address for the channel { $channel }. Write one like { $example }.
mistake-empty-members = Nobody is listed here. Name at least one person.
mistake-empty-layers = The rota has no layers, so nobody would ever be on call. Add at least one.
mistake-empty-hours = The layer names no times at which it has somebody. Name at least one, such as "Mon-Fri 18:00-08:00", or leave "hours" out: then it has somebody always.
mistake-empty-steps = The policy has no steps. Add at least one.
mistake-empty-targets = The step pages nobody. Name a rota, a person or a team, or remove the step.
mistake-contact-unused = The ladder never uses "{ $contact }". Add a rung for it, or remove the contact method.
mistake-zero = "{ $field }" must be more than nothing. Write, for example: { $field }: { $example }
mistake-zero-wait = Nobody gets time to answer here: the next step follows at once. Write a longer wait, such as 10m, unless this is meant.
mistake-policy-reaches-nobody = This policy can reach nobody: none of the people it names has a contact method. Add one to "contacts" of a person, or name somebody else.
mistake-step-reaches-nobody = This step can reach nobody: none of the people it names has a contact method.
mistake-person-without-contacts = The policy "{ $name }" can page this person, who has no contact method. Add one under "contacts".
mistake-fallback-empty = There is no "fallback": when all steps are through, everybody of the steps is paged again and again. Name somebody if that is not meant.
mistake-offset-wraps = An offset of { $offset } leads around the rota: only { $count } take turns, so somebody who was paged already may be paged again.
mistake-step-after-hand-over = This step is never entered: the one before it hands the alert over. Remove it, or put it first.
mistake-step-form = A step either pages people ("page" and "wait") or hands the alert over ("hand_over"), not both.
mistake-too-few-people = { $wanted } people are to acknowledge, but this step can mean only { $count }. Ask for fewer, or page more people.
mistake-handed-round = Alerts would be handed round in a circle: { $chain }. Let one of these policies page somebody instead.
mistake-no-default-route = Some signals match no route, so nobody would be paged for them. End the list with a route without "when", for example: - service: shop
mistake-route-never-matches = This route never matches: route { $number } takes everything that it could. Move it further up, or remove it.
mistake-bad-pattern = "{ $text }" is not a regular expression that can be used here: { $why }. Write one such as "db-[0-9]+"; for a label it must match the whole value.
mistake-pattern-too-large = This regular expression would take too much memory. Write it shorter, with fewer or smaller repetitions.
mistake-too-many-patterns = All routes together may ask for up to { $max } regular expressions and texts. Join some, such as "db|web", or ask for labels by their value.
mistake-condition-empty = "{ $field }" is an empty list. Name at least one, or remove the key: then any will do.
mistake-condition-twice = "{ $field }" is asked for in two ways. Keep one of them.
mistake-zone-without-hours = "time_zone" says in which zone "hours" are meant, and there are none here. Add them, or remove it.
mistake-only-for-heartbeat = "{ $field }" is for sources of kind heartbeat and does nothing here. Remove it.
mistake-runbook-form = The runbook is not a link, so it cannot be opened from a page. Write an address that begins with https://.
mistake-more =
    { $count ->
        [one] One more mistake is not listed. Mend these first.
       *[other] { $count } more mistakes are not listed. Mend these first.
    }
