# Lebenszeichen, und wie es um sie steht.

heartbeat-empty = Keine Quelle schickt Lebenszeichen. Wie man das einrichtet, steht in docs/heartbeats.md.
heartbeat-column-source = Quelle
heartbeat-column-every = Alle
heartbeat-column-last = Zuletzt gehört
heartbeat-column-due = Fällig bis
heartbeat-alive = lebt
heartbeat-waiting = noch nichts gehört
heartbeat-silent = Funkstille
