# Orari, durate ed elenchi.
format-time = { $hour }:{ $minute }
format-date-time = { $weekday } { $day }/{ $month }, { $time }
# 1 sta per lunedì.
format-weekday =
    { $number ->
        [1] lun
        [2] mar
        [3] mer
        [4] gio
        [5] ven
        [6] sab
       *[7] dom
    }
format-month =
    { $number ->
        [1] 01
        [2] 02
        [3] 03
        [4] 04
        [5] 05
        [6] 06
        [7] 07
        [8] 08
        [9] 09
        [10] 10
        [11] 11
       *[12] 12
    }
format-seconds = { $count } s
format-minutes = { $count } min
format-hours = { $count } h
format-days = { $count } g
format-list-end = { $before } e { $last }
# Davanti a una e: Anna ed Elena.
format-list-end-before-e = { $before } ed { $last }
