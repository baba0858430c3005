# Uhrzeiten, Zeitspannen und Aufzählungen.
format-time = { $hour }:{ $minute }
format-date-time = { $weekday } { $day }.{ $month }, { $time }
# 1 ist Montag.
format-weekday =
    { $number ->
        [1] Mo
        [2] Di
        [3] Mi
        [4] Do
        [5] Fr
        [6] Sa
       *[7] So
    }
format-month =
    { $number ->
        [1] 01.
        [2] 02.
        [3] 03.
        [4] 04.
        [5] 05.
        [6] 06.
        [7] 07.
        [8] 08.
        [9] 09.
        [10] 10.
        [11] 11.
       *[12] 12.
    }
format-seconds = { $count } s
format-minutes = { $count } min
format-hours = { $count } h
format-days = { $count } d
format-list-end = { $before } und { $last }
format-list-end-before-e = { $before } und { $last }
