# Kanäle, und was bei ihren Anbietern gefunden wurde.

channel-empty = Kein Kanal ist eingerichtet: So kann niemand alarmiert werden. Bitte einen in die Startkonfiguration eintragen.
channel-column-kind = Art
channel-column-channel = Kanal
channel-column-asked = Gefragt
channel-column-certificate = Zertifikat bis
channel-column-breaker = Benutzt
channel-sound = nimmt Alarmierungen an
channel-not-asked = nicht gefragt
channel-breaker-closed = ja
channel-breaker-open = wird seit { $since } übergangen; der nächste Alarm ab { $next } versucht es wieder
