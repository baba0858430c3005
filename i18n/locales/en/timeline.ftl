# The timeline of an alert: one sentence for each thing that happens. The time stands in front of it.
timeline-raised = Raised by { $source } for { $service }, { $severity }: { $summary }
timeline-raised-test = Test page for { $person }, asked for by { $by }
timeline-raised-message = Message to { $person }: { $text }
timeline-repeated = Reported again by the source
timeline-severity-changed = Severity changed from { $from } to { $to }
timeline-symptom-joined = Problem { $number } joined, from { $source }, { $severity }: { $summary }
timeline-severity-said = the source calls it "{ $text }"
timeline-symptom-changed = Problem { $number } is now { $severity }
timeline-symptom-cleared = Problem { $number } is over, others are not
timeline-grown = Now { $count ->
    [one] one problem
   *[other] { $count } problems
}, the worst { $severity }: paging begins again
timeline-held-unless-joined = Put on hold by { $person } until { $until }, or until { $count ->
        [one] one more problem joins
       *[other] { $count } more problems join
    }; nobody is paged before then unless it becomes critical
timeline-held = Put on hold by { $person } until { $until }; nobody is paged before then unless it becomes critical
timeline-hold-ended = The hold is over
timeline-hold-ended-by = { $person } has ended the hold
timeline-step-entered = Step { $step }, round { $round }: paging { $people }; next step at { $until }
timeline-step-empty = Step { $step }: nobody on call, moving on at once
timeline-step-late = { $span } late after an outage; this makes up for everything that fell due meanwhile
timeline-fallback-entered = Nobody has it after the last step: paging the fallback, { $people }, again every { $every }
timeline-fallback-empty = Nobody has it after the last step, and nobody in the fallback can be reached; looked up again every { $every }
timeline-called-named = { $person } (named in the step)
timeline-called-on-call = { $person } (on call in { $rota } until { $until })
timeline-called-next =
    { $person } ({ $number ->
        [one] next in turn in { $rota }
       *[other] { $number } turns later in { $rota }
    })
timeline-called-for = { $person } (stands in for { $of } in { $rota } until { $until })
timeline-called-also = { $person } (on call as well in { $rota } until { $until })
timeline-called-all-hands = { $person } (all hands of { $team } until { $until })
timeline-called-member = { $person } (member of { $team })
timeline-page-ordered = Paging { $person }
timeline-page-skips = Left out, since it does not work: { $contacts }

timeline-channel-by = { $channel } by { $provider }
timeline-attempt-started = { $channel } to { $person } ({ $contact }), attempt { $number }
timeline-attempt-repeated = { $channel } to { $person } ({ $contact }), attempt { $number }: sent again because the first outcome is unknown
timeline-attempt-late = { $span } late after an outage
timeline-attempt-accepted = { $channel } to { $person }: accepted by the provider
timeline-attempt-delivered = { $channel } to { $person }: delivered
timeline-attempt-refused = { $channel } to { $person }: refused, { $reason }
timeline-attempt-failed = { $channel } to { $person }: failed, { $reason }
timeline-attempt-unknown = { $channel } to { $person }: outcome unknown, { $reason }
timeline-attempt-interrupted = { $channel } to { $person }: interrupted by a restart of the server, outcome unknown
timeline-attempt-not-sent = { $channel } to { $person }: not sent, { $reason }
timeline-attempt-held = { $channel } to { $person }: put off until { $until }, no more than { $count } in { $span } get through
timeline-attempt-accepted-with = { $channel } to { $person }: accepted by the provider, in one message with { $codes }
timeline-status-reported = { $channel } to { $person }: the provider reports “{ $status }”
timeline-report-overdue = { $channel } to { $person }: no report that it arrived in time; it counts as not delivered

timeline-acknowledged = { $person } has it until { $until } ({ $way })
timeline-acknowledged-no-lapse = { $person } has it ({ $way })
timeline-acknowledgement-lapsed = { $person } has not been heard from since taking it: paging starts again at step 1
timeline-escalated = Passed on to the next step by { $person }
timeline-noted = { $person }: { $text }
timeline-resolved-by-source = Resolved: { $source } reports that it is over
timeline-resolved-by-person = Resolved by { $person }
timeline-resolved-by-house = The test is over
timeline-recall-started = { $channel } to { $person }: stopping it
timeline-recall-ended = { $channel } to { $person }: stopped
timeline-recall-failed = { $channel } to { $person }: could not be stopped, { $reason }; it may go on ringing for a while

timeline-clock-corrected = The clock was { $span } ahead and has been put right; all deadlines moved with it
timeline-reconsidered = The configuration has changed: now also paging { $people }
timeline-reconsidered-nobody = The configuration has changed: nobody else to page
timeline-page-withdrawn = No longer paging { $person }

timeline-work-entered = Planned work “{ $what }” is on: paging { $people } first; on call at { $until }
timeline-work-empty = Planned work “{ $what }” is on, but nobody who does it can be reached: on to on call at once
timeline-held-for-work = Held for planned work “{ $what }” by { $worker } until { $until }; nobody is paged before then unless it becomes critical
timeline-work-moved = The planned work now ends at { $until }
timeline-work-left = The planned work is over and this is still firing: on to on call at once
timeline-joined = Taken by { $person } ({ $way }); { $missing ->
    [one] one more person is
   *[other] { $missing } more people are
 } wanted, and the others are paged on
timeline-handed-over = Handed over to { $to } by { $person }
timeline-handed-on = Handed over to { $to }, as the step says
timeline-called-work = { $person } (doing planned work until { $until })
