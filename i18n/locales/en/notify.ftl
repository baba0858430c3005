# What "hotpotato notify" says. Straight quotes, so that what is quoted can be copied.
notify-kept = No server took this signal ({ $why }). It is kept in { $folder } and will be sent later.
notify-kept-for-key = The server does not accept the source's key ({ $why }). The signal is kept in { $folder } for a day: correct the key, or the source in the configuration.
notify-kept-behind =
    { $number ->
        [one] { $number } earlier signal goes first
       *[other] { $number } earlier signals go first
    }, and time was up. This one is kept in { $folder } and will be sent after them.
notify-refused = The server does not understand this signal: { $why }. Nobody is paged for it. It is in { $file }.
notify-refused-earlier = The server did not understand an earlier signal: { $why }. Nobody is paged for it. It is in { $file }.
notify-lost = The signal is lost: no server took it ({ $why }), and it could not be kept in { $folder } ({ $kept }). Send it again.
notify-unkept = The signal was taken, but had the server been away it would be lost: nothing can be kept in { $folder } ({ $kept }). Make room, or choose another directory with --spool.
notify-full =
    { $number ->
        [one] { $number } signal is waiting there
       *[other] { $number } signals are waiting there
    }, and there is room for no more
notify-unreadable = { $file } cannot be read and is left there: { $why }. Use one directory for each user who calls "hotpotato notify".
notify-refused-ones-removed =
    { $number ->
        [one] The oldest of the refused signals in { $folder } was removed to make room.
       *[other] The { $number } oldest of the refused signals in { $folder } were removed to make room.
    }
notify-nothing-said = There is nothing to send. Give --summary, or --key with --status resolved, or --nagios or --icinga; "hotpotato notify --help" has examples.
notify-unclear = This cannot be sent: { $why }.
notify-no-host = No macro says which host this is about. Pass --macro HOSTNAME=…, or let Nagios export its macros (enable_environment_macros=1).
notify-no-key = The source's key is missing. Name its file with --key-file or HOTPOTATO_KEY_FILE.
notify-no-folder = no directory is given: set --spool or HOTPOTATO_SPOOL
notify-alone = Nothing will send what is kept by itself ({ $why }). Run "hotpotato notify --flush" every minute.
notify-flushed =
    { $number ->
        [0] Nothing was waiting.
        [one] { $number } signal was sent.
       *[other] { $number } signals were sent.
    }
notify-still-waiting =
    { $number ->
        [one] { $number } signal is still waiting in { $folder }: { $why }
       *[other] { $number } signals are still waiting in { $folder }: { $why }
    }
notify-busy = another process is sending
notify-silent = no answer in time
