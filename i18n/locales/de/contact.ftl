# Kontaktwege: welche jemanden erreichen, und die Codes, die das beweisen.

contact-none = Niemand hat einen Kontaktweg. Sie stehen in der Konfiguration, danach: hotpotato apply
contact-none-broken = Alle Kontaktwege gehen.
contact-column-person = Person
contact-column-contact = Kontaktweg
contact-column-channel = Kanal
contact-column-verified = Bestätigt
contact-column-proved = Zuletzt erwiesen
contact-column-state = Zustand
contact-state-proved = erwiesen
contact-state-unproved = nicht erwiesen
contact-state-broken = geht nicht seit { $since }: { $why }

contact-code-sent = Ein Code ist unterwegs an { $person } über { $contact }; er gilt bis { $until }. Danach: hotpotato contact confirm { $person } { $contact } CODE
contact-confirmed = Der Kontaktweg { $contact } von { $person } ist erwiesen.
contact-unknown = { $person } hat keinen Kontaktweg { $contact }. "hotpotato contact list" zeigt alle.
contact-mistaken = Das ist nicht der zuletzt gesendete Code. Bitte noch einmal nachsehen oder einen neuen senden lassen: hotpotato contact verify { $person } { $contact }
contact-no-code = Hier wird kein Code erwartet, oder das ist keiner: Ein Code hat sechs Ziffern und gilt zehn Minuten, einmal. Ein neuer: hotpotato contact verify { $person } { $contact }
contact-too-many-codes = Über diesen Kontaktweg gingen innerhalb einer Stunde drei Codes. Bitte die Stunde abwarten und mit "hotpotato contact list" nachsehen, warum sie nicht ankommen.
contact-too-many-mistakes = Dieser Code wurde zu oft falsch eingegeben und gilt nicht mehr. Ein neuer: hotpotato contact verify { $person } { $contact }

contact-covered = In den nächsten 14 Tagen hat jede Stufe jemanden mit zwei erwiesenen Kontaktwegen über verschiedene Anbieter.
contact-thin = In diesen Stufen hat niemand zwei erwiesene Kontaktwege über verschiedene Anbieter. Fällt einer aus, erreicht die Stufe niemanden. "hotpotato contact verify" erweist weitere.
contact-column-step = Stufe
contact-column-from = Von
contact-column-to = Bis
contact-column-people = Hängt ab von
