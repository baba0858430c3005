# Kalender: was darin steht, was über sie gesagt wird und was an gelesenen nicht stimmt.

calendar-of-person = Bereitschaft: { $person }
calendar-of-rota = Bereitschaft: { $rota }
calendar-on-call = Bereitschaft: { $rota }
calendar-by-override = Durch Vertretung { $id }.

calendar-opened = { $id }: { $url }
calendar-keep-secret = Wer diese Adresse hat, sieht diese Schichten. Sie wird nur jetzt angezeigt; wird der Kalender noch einmal geöffnet, gibt es eine neue, und diese gilt nicht mehr.
calendar-closed = Der Kalender { $id } ist geschlossen; seine Adresse führt nirgendwohin mehr.
calendar-empty = Kein Kalender ist geöffnet. "hotpotato calendar open" öffnet einen.
calendar-unknown = Einen offenen Kalender { $id } gibt es nicht. "hotpotato calendar list" zeigt sie.
calendar-column-calendar = Kalender
calendar-column-of = Von
calendar-column-since = Offen seit
calendar-of-a-rota = Plan { $rota }
calendar-of-a-person = { $person }

calendar-import-for = + { $by } für { $of }, { $from } bis { $until }
calendar-import-also = + { $by }, wo niemand in Bereitschaft ist, { $from } bis { $until }
calendar-import-known = = { $by } schon jetzt, { $from } bis { $until }
calendar-import-summary = { $overrides ->
        [one] 1 Vertretung anzulegen
       *[other] { $overrides } Vertretungen anzulegen
    }, { $known } schon vorhanden; ausgelassen: { $over }, die vorbei sind, { $later }, die in mehr als einem Jahr beginnen.
calendar-imported = { $overrides ->
        [0] Es war nichts zu tun.
        [one] 1 Vertretung ist angelegt.
       *[other] { $overrides } Vertretungen sind angelegt.
    }
calendar-import-broken = { $done } von { $total } Vertretungen sind angelegt; dann: { $reason } Bitte denselben Kalender noch einmal importieren: Was schon angelegt ist, wird übergangen.
calendar-import-reason = Aus einem Kalender: { $uid }
calendar-import-nobody = Zeile { $line }: Niemand heißt „{ $summary }“. Der Titel des Termins muss der Name einer Person sein, wie "hotpotato export" ihn zeigt.
calendar-import-several = Zeile { $line }: „{ $summary }“ kann { $people } sein. Bitte den Namen aus der Konfiguration als Titel verwenden.
calendar-import-shared = Zeile { $line }: Ab { $from } sind { $people } gemeinsam in Bereitschaft. Mit --for sagen, für wen.
calendar-import-overlap = Zeile { $line }: { $by } überschneidet sich mit { $earlier } (Zeile { $other }). Einen der beiden Termine enden lassen, bevor der andere beginnt.
calendar-import-too-long = Zeile { $line }: Der Termin { $uid } dauert länger als 366 Tage. Was länger gelten soll, gehört in den Bereitschaftsplan.
calendar-import-refused = { $mistakes ->
        [one] 1 Termin kann nicht importiert werden; nichts wurde geändert.
       *[other] { $mistakes } Termine können nicht importiert werden; nichts wurde geändert.
    }
calendar-file-unreadable = { $file } kann nicht gelesen werden: { $why }
calendar-address-invalid = Das ist keine Adresse eines Kalenders: Sie beginnt mit https://, http:// oder webcal://.
calendar-address-unreachable = { $host } antwortet nicht: { $why }. Bitte noch einmal versuchen oder den Kalender als Datei speichern und diese importieren.
calendar-address-refused = { $host } antwortet mit Status { $number } und nicht mit einem Kalender. Bitte die Adresse im Browser prüfen.

calendar-too-large = Der Kalender ist größer als { $kilobytes } KB. Bitte nur den Teil exportieren, der importiert werden soll.
calendar-not-text = Der Kalender ist nicht in UTF-8. Bitte noch einmal als iCalendar-Datei speichern.
calendar-too-many-lines = Der Kalender hat mehr als { $count } Zeilen. Bitte nur den Teil exportieren, der importiert werden soll.
calendar-not-a-calendar = Das ist keine iCalendar-Datei: Sie beginnt nicht mit BEGIN:VCALENDAR.
calendar-no-line = Zeile { $line } ist keine Kalenderzeile der Form NAME:WERT. Bitte den Kalender noch einmal exportieren.
calendar-unbalanced = Zeile { $line }: Etwas beginnt und endet nicht, oder es endet ohne Anfang. Die Datei ist abgeschnitten oder beschädigt: Bitte den Kalender noch einmal exportieren.
calendar-too-many-events = Zeile { $line }: Der Kalender hat mehr als { $count } Termine. Bitte nur den Teil exportieren, der importiert werden soll.
calendar-too-much-happens = Zeile { $line }: Die Termine kommen mehr als { $count } Mal vor oder haben vor zu langer Zeit begonnen. Den Termin früher enden oder später beginnen lassen.
calendar-bad-value = Zeile { $line }: „{ $value }“ ist kein Wert für { $name }. Den Termin berichtigen oder den Kalender noch einmal exportieren.
calendar-unknown-zone = Zeile { $line }: Die Zeitzone „{ $zone }“ steht nicht in der Datei und ist nicht bekannt. Dem Termin eine Zone wie Europe/Berlin geben.
calendar-no-start = Zeile { $line }: Der Termin { $uid } sagt nicht, wann er beginnt (DTSTART).
calendar-backwards = Zeile { $line }: Der Termin { $uid } endet nicht nach seinem Anfang. Bitte das Ende berichtigen.
calendar-not-read = Zeile { $line }: { $what } wird hier nicht verstanden. Diese Termine bitte einzeln eintragen.
