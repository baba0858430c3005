# Heartbeats, and how they stand.

heartbeat-empty = No source is a heartbeat. docs/heartbeats.md says how to set one up.
heartbeat-column-source = Source
heartbeat-column-every = Every
heartbeat-column-last = Last heard
heartbeat-column-due = Due by
heartbeat-alive = alive
heartbeat-waiting = not heard yet
heartbeat-silent = silent
