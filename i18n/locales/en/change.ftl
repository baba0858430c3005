# What the command line answers about earlier knowledge, and about who changed what. What somebody did stands beside their name.
change-known-at = As it was known at { $when }:
change-column-when = When
change-column-who = Who
change-column-details = In detail
change-kind-token = token
change-kind-calendar = calendar feed
change-added = added { $thing }
change-changed = changed { $thing }
change-removed = removed { $thing }
change-made = made { $thing }
change-accepted = accepted { $thing }
change-declined = declined { $thing }
change-planned = entered { $thing }
change-moved = moved the end of { $thing }
change-ended = ended { $thing }
change-cancelled = cancelled { $thing }
change-issued = issued { $thing }
change-revoked = revoked { $thing }
change-opened = opened { $thing }
change-closed = closed { $thing }
change-during = { $what }, from { $from } until { $until }
change-until = until { $until }
change-role = role { $role }
change-empty = Nothing was changed in that time.
change-more = There are older changes: see more with --limit, or give an earlier end with --to.
change-unreadable =
    { $count ->
        [one] One record of the configuration cannot be read and is missing here. "hotpotato verify" says what is wrong.
       *[other] { $count } records of the configuration cannot be read and are missing here. "hotpotato verify" says what is wrong.
    }
