# Channels, and what was found at their providers.

channel-empty = No channel is configured, so nobody can be paged. Add one to the boot configuration.
channel-column-kind = Kind
channel-column-channel = Channel
channel-column-asked = Asked
channel-column-certificate = Certificate until
channel-column-breaker = Used
channel-sound = would take a page
channel-not-asked = not asked
channel-breaker-closed = yes
channel-breaker-open = passed over since { $since }; the next page from { $next } on tries it again
