# Words that other texts are filled with. They also appear in SMS: GSM-7 only.
severity-critical = critical
severity-error = error
severity-warning = warning
severity-info = info

state-open = nobody has it yet
state-held = on hold
state-acknowledged = acknowledged
state-resolved = resolved

channel-pushover = Pushover
channel-sms = SMS
channel-voice = Call
channel-pager = Pager
channel-mail = mail

way-link = link in the page
way-web = web page
way-command = command line
way-api = API
way-terminal = terminal
way-pushover = Pushover
way-sms = reply to the SMS
way-call = key during the call
way-pager = answer on the pager
way-source = in the monitoring system
problems = { $count } problems: { $summary }
finding-flood = { $source } reports more than { $count } new problems a minute
finding-silence = { $source } is silent: a sign of life is due every { $every }

status-queued = queued
status-sent = sent
status-delivered = delivered
status-read = read
status-answered = answered
status-undelivered = undelivered
status-failed = failed

reason-timeout = the provider did not answer in time
reason-connection = no connection to the provider
reason-refused = the provider refused: { $detail }
reason-rejected = the provider says no
reason-fault = the provider has a fault of its own
reason-nonsense = the answer of the provider makes no sense
reason-interrupted = interrupted by a restart of the server
reason-breaker-open = the provider has failed several times in a row and was passed over
reason-provider = the provider reports a fault: { $detail }
reason-rate-limited = too many messages at once
reason-number-invalid = the number is not valid
reason-address-unknown = the provider does not know this address
reason-user-unknown = the provider does not know the user
reason-credentials = the provider does not accept our credentials
reason-expired = waited too long in the queue
reason-no-channel = this channel is not set up
reason-disk-full = the disk is full
reason-log-unavailable = the storage of the log does not answer

text-erased = (text erased)

kind-person = person
kind-team = team
kind-rota = rota
kind-policy = policy
kind-service = service
kind-source = source
kind-routes = routes
kind-override = override
kind-work = planned work
