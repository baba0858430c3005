# I segnali di vita, e come stanno.

heartbeat-empty = Nessuna sorgente manda segnali di vita. Come configurarli: docs/heartbeats.md.
heartbeat-column-source = Sorgente
heartbeat-column-every = Ogni
heartbeat-column-last = Ultimo segnale
heartbeat-column-due = Atteso entro
heartbeat-alive = vivo
heartbeat-waiting = ancora nessun segnale
heartbeat-silent = silenzio
