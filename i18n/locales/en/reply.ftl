# Answers to text messages that somebody has sent us. GSM-7, one segment each; $codes names alerts.
reply-taken = { $codes }: you have it. Nobody else is paged.
reply-joined = { $codes }: noted, you are on it. Others are paged until there are enough of you.
reply-escalated = { $codes }: passed on, the next step is being paged.
reply-resolved = { $codes }: recorded as over.
reply-extended = Your planned work now ends at { $until }.
reply-over = { $codes } is over already. Nothing to do.
reply-earlier = { $codes }: paging has begun anew since that message. Please answer the latest one, or use its link.
reply-impossible = { $codes }: that cannot be done with this message. Its link shows what can.
reply-no-work = No planned work of yours is on, so nothing was extended.
reply-work-refused = Your planned work cannot be extended that far. Nothing was changed.
reply-failed = That could not be recorded just now. Please send it again, or use the link.
reply-wrong-code = No message to you has this code. Nothing was done. Please use the link in the message.
reply-ambiguous = Two messages to you have this code. Nothing was done. Please use the link in the message.
reply-without-code = Nothing was done: please add the four digits at the end of the message, for example OK 1234.
reply-help = With the four digits of the message: OK 1234 takes it, ESC 1234 passes it on, DONE 1234 ends it, EXTEND 30 1234: your planned work 30 min more.
