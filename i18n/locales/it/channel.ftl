# I canali, e che cosa dicono i loro fornitori.

channel-empty = Nessun canale è configurato: così non si può allertare nessuno. Aggiungerne uno nella configurazione di avvio.
channel-column-kind = Tipo
channel-column-channel = Canale
channel-column-asked = Controllo
channel-column-certificate = Certificato fino a
channel-column-breaker = In uso
channel-sound = accetta chiamate
channel-not-asked = non controllato
channel-breaker-closed = sì
channel-breaker-open = scavalcato da { $since }; la prossima chiamata dopo { $next } riprova
