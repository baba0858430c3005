# Times, spans and lists. Hours, minutes and days arrive with as many digits as they should have.
format-time = { $hour }:{ $minute }
format-date-time = { $weekday } { $day } { $month }, { $time }
# 1 is Monday.
format-weekday =
    { $number ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }
format-month =
    { $number ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
format-seconds = { $count } s
format-minutes = { $count } min
format-hours = { $count } h
format-days = { $count } d
format-list-end = { $before } and { $last }
# For languages whose word for "and" changes before an e.
format-list-end-before-e = { $before } and { $last }
