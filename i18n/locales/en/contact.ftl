# Contact methods: which reach somebody, and the codes that prove it.

contact-none = Nobody has a contact method. They are written into the configuration, then: hotpotato apply
contact-none-broken = No contact method is broken.
contact-column-person = Person
contact-column-contact = Contact
contact-column-channel = Channel
contact-column-verified = Verified
contact-column-proved = Last proved
contact-column-state = State
contact-state-proved = proved
contact-state-unproved = not proved
contact-state-broken = broken since { $since }: { $why }

contact-code-sent = A code is on its way to { $person } over { $contact }; it counts until { $until }. Then: hotpotato contact confirm { $person } { $contact } CODE
contact-confirmed = The contact { $contact } of { $person } is proved.
contact-unknown = { $person } has no contact { $contact }. "hotpotato contact list" shows them all.
contact-mistaken = This is not the code that was sent last. Please look again, or have another sent: hotpotato contact verify { $person } { $contact }
contact-no-code = No code is awaited here, or this is none: a code has six digits and counts for ten minutes, once. Another one: hotpotato contact verify { $person } { $contact }
contact-too-many-codes = Three codes were sent over this contact within an hour. Please wait for the hour to pass, and see with "hotpotato contact list" why they do not arrive.
contact-too-many-mistakes = This code was mistaken too often and counts no more. Another one: hotpotato contact verify { $person } { $contact }

contact-covered = For the next 14 days, every step has somebody with two proved contacts over different providers.
contact-thin = Nobody in these steps has two proved contacts over different providers. One that fails, and the step reaches nobody. "hotpotato contact verify" proves more.
contact-column-step = Step
contact-column-from = From
contact-column-to = To
contact-column-people = Depends on
