# Wörter, mit denen andere Texte gefüllt werden. Sie stehen auch in SMS: nur GSM-7.
severity-critical = kritisch
severity-error = Fehler
severity-warning = Warnung
severity-info = Hinweis

state-open = noch nicht übernommen
state-held = zurückgestellt
state-acknowledged = übernommen
state-resolved = behoben

channel-pushover = Pushover
channel-sms = SMS
channel-voice = Anruf
channel-pager = Pager
channel-mail = E-Mail

way-link = Link in der Alarmierung
way-web = Webseite
way-command = Kommandozeile
way-api = API
way-terminal = Terminal
way-pushover = Pushover
way-sms = Antwort auf die SMS
way-call = Taste im Anruf
way-pager = Antwort am Pager
way-source = im Monitoringsystem
problems = { $count } Störungen: { $summary }
finding-flood = { $source } meldet mehr als { $count } neue Störungen pro Minute
finding-silence = { $source } schweigt: Lebenszeichen erwartet alle { $every }

status-queued = in der Warteschlange
status-sent = gesendet
status-delivered = zugestellt
status-read = gelesen
status-answered = beantwortet
status-undelivered = nicht zugestellt
status-failed = fehlgeschlagen

reason-timeout = der Anbieter hat nicht rechtzeitig geantwortet
reason-connection = keine Verbindung zum Anbieter
reason-refused = der Anbieter lehnt ab: { $detail }
reason-rejected = der Anbieter lehnt ab
reason-fault = der Anbieter hat eine Störung
reason-nonsense = die Antwort des Anbieters ist unverständlich
reason-interrupted = durch einen Neustart des Servers unterbrochen
reason-breaker-open = der Anbieter ist mehrmals hintereinander ausgefallen und wurde übersprungen
reason-provider = der Anbieter meldet eine Störung: { $detail }
reason-rate-limited = zu viele Nachrichten auf einmal
reason-number-invalid = die Nummer ist ungültig
reason-address-unknown = der Anbieter kennt diese Adresse nicht
reason-user-unknown = der Anbieter kennt den Empfänger nicht
reason-credentials = der Anbieter akzeptiert unsere Zugangsdaten nicht
reason-expired = zu lange in der Warteschlange
reason-no-channel = dieser Kanal ist nicht eingerichtet
reason-disk-full = die Platte ist voll
reason-log-unavailable = der Speicher antwortet nicht

text-erased = (Text gelöscht)

kind-person = Person
kind-team = Team
kind-rota = Bereitschaftsplan
kind-policy = Eskalationsregel
kind-service = Dienst
kind-source = Quelle
kind-routes = Zuordnungen
kind-override = Vertretung
kind-work = geplante Arbeiten
