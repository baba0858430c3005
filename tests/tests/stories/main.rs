//! The stories: signals in, pages out, through the built binaries.

mod alertmanager;
mod calendar;
mod configuration;
mod crash;
mod crash_loop;
mod delivery_report;
mod disk;
mod escalation;
mod freeze;
mod handover;
mod ingest;
mod known_at;
mod link;
mod log;
mod on_call;
mod planned_work;
mod provider;
mod refusals;
mod shutdown;
mod test_page;
mod time_zones;
mod tokens;
mod voice;
mod wall_clock;
