# Texts that reach a sleeping person. First the code and what is wrong, then where and since when, then how to
# acknowledge. SMS and pager texts are GSM-7: straight quotes, hyphens, three dots.
page-push-title = { $code } { $summary }
page-push-body =
    { $code }: { $summary }
    { $service }, { $severity }, since { $when }
    To take it: “{ page-push-link }” below.
page-push-link = I have it
page-mail-subject = [{ $code }] { $severity }: { $summary }
page-mail-subject-plain = [{ $code }] { $summary }
page-sms =
    { $code } { $summary }
    { $service }, since { $when }
    I have it: { $link }
# $reply is a code for this SMS only. OK, ACK, JA and SI all do.
page-sms-reply = Or reply OK { $reply }
# One line.
page-pager = { $code } { $summary } / { $service } since { $when } / OK: { $link }
# What can be answered on a pager with buttons: 15 letters without umlauts or accents at most.
page-pager-take = I have it
page-pager-escalate = Escalate

# Several alerts in one message, at least two; the link takes the first of them.
page-digest = { $count } alerts: { $list }
page-digest-more = +{ $count } more
page-digest-body =
    { $lines }
    To take { $code }: “{ page-push-link }” below.
page-digest-sms =
    { $count } alerts: { $list }
    I have { $code }: { $link }
page-digest-pager = { $count } alerts: { $list } / OK { $code }: { $link }

# Added to a page.
page-repeat = Sent again: it is unknown whether the first one arrived.
page-late = This page is { $span } late.
page-repeat-short = repeat
page-late-short = { $span } late
page-work-yours = During your planned work “{ $what }”, until { $until }.
page-work-on = Planned work is on: “{ $what }” by { $worker }, until { $until }. They have not taken it.
page-work-over = Planned work is over and this is still firing: “{ $what }” by { $worker }.
page-work-yours-short = your planned work
page-work-on-short = planned work on
page-work-over-short = planned work over
page-test = Test page
page-test-summary = Test page. Nothing is wrong, please take it.
page-test-body =
    { $code }: { page-test-summary }
    Sent: { $when }
    To take it: “{ page-push-link }” below.
page-test-sms =
    { $code } { page-test-summary }
    Sent: { $when }
    I have it: { $link }
page-test-pager = { $code } { page-test-summary } / Sent: { $when } / OK: { $link }

# For services that want no alert text in the clear.
page-reference-only = { $code } Alert for { $service }
page-reference-only-body =
    { $code }: alert for { $service }
    Since { $when }
    Details and “{ page-push-link }” below.
page-reference-only-sms =
    { $code } Alert for { $service }
    Since { $when }
    I have it: { $link }
page-reference-only-pager = { $code } { $service } since { $when } / OK: { $link }

# What the house tells somebody. No problem: nothing rings.
page-message-title = { $code } Hot Potato
page-message-body =
    { $text }
    Seen it: “{ page-push-link }” below.
page-message-sms =
    { $code } { $text }
    { $link }
page-message-pager = { $code } { $text } / { $link }
page-shift-begins = You are on call in { $rota } until { $until }.
page-shift-begins-after = You are on call in { $rota } until { $until }, after { $others }.
page-shift-begins-asked = You are on call in { $rota } until { $until }. { $others } stays on call as well until you say that you have it.
page-shift-stays = Your turn in { $rota } is over, but you stay on call until whoever comes after you has taken over.
page-shift-ends = Your turn in { $rota } is over, { $others } is on call now.
page-shift-ends-nobody = Your turn in { $rota } is over, and nobody is on call after you.
page-work-ends = Your planned work "{ $what }" ends at { $until }; what still fires then goes to on call. If you need longer: hotpotato work extend { $id } --by 30m
page-work-taken = The planned work "{ $what }" of { $worker } is over; it had taken { $count ->
    [one] 1 alert
   *[other] { $count } alerts
 }.
page-still-open = Open: { $codes }.
page-nothing-open = Nothing is open.
page-contact-broken = Your contact { $contact } does not work: { $why }. It is skipped until it works again; check it, then: hotpotato contact verify
page-contact-broken-of = Contact { $contact } of { $person } does not work: { $why }. It is skipped until it works again.
page-contact-unanswered = Nobody answered the test page over your contact { $contact }. If it never came, check the contact, then: hotpotato contact verify
page-contact-unknown = the provider does not know the address
page-contact-refused = the provider refuses it
page-contact-undelivered = nothing that was sent arrived
page-contact-code = { $code } is the code for your contact { $contact }, until { $until }. Confirm it: hotpotato contact confirm

# The house alarm, sent past the log.
page-house-alarm-title = [NO-LOG] Hot Potato needs help
page-no-log = [NO-LOG] The log refuses writes: alerts are not being recorded. Reason: { $reason }. Please look at the server now.
page-quarantine = [NO-LOG] Alert { $code } cannot be replayed and was set aside. Nobody else is paged for it: please take care of it yourself.
page-nobody-to-page = [NO-LOG] Alert { $code } has nobody to page, not even in its fallback. Please take it and mend the policy.
page-unaccounted = [NO-LOG] The ledger does not agree: { $count ->
        [one] { $count } accepted problem is
       *[other] { $count } accepted problems are
    } unaccounted for. "hotpotato ledger" names them: please look after them yourself.
page-no-route = [NO-LOG] Signals from { $source } lead nowhere: no route matches. They are refused until one does. Please apply a last route.
page-provider-ill = [NO-LOG] The channel { $channel } would not take a page: { $detail }. Until that is mended, pages go out by other channels only.
page-certificate-ends = [NO-LOG] The certificate of the channel { $channel } ends { $when } (UTC). After that no page goes out there. Please see that its provider renews it.
page-operators-contact = Contact { $contact } of { $person } does not work: it is skipped until it works again. All that are broken: hotpotato contact list --broken
page-operators-unanswered = Nobody answered the test page over contact { $contact } of { $person }. It is still used; whether it reaches anybody is not known. They were told, where they have another contact.
page-configuration-unreadable = [NO-LOG] A piece of the configuration cannot be read from the log. The house goes on without it: please look at the server now.

# A provider's account runs low: told over another channel.
page-account-low-title = Hot Potato needs help
page-account-low = Channel { $channel }: only { $left } of { $limit } messages are left until { $until }. After that nobody is paged over it. Please raise the limit, or let ladders begin with another channel.
