//! The same storm over the services of many people, one after the other: each one's first page comes in the middle of it.
//! So there are as many first pages to measure as there are people.

use serde::Serialize;

use super::house::{Setting, service};
use super::one_person::FIRST_PAGE_MS_MAX;
use super::posting::steadily;
use super::record::{Told, Where};
use super::{House, PAGE_WAIT_MAX, Plan, WARM_UP_COUNT};
use crate::bench::BenchError;
use crate::bench::figure::{Figure, Target, float};
use crate::bench::scratch::Scratch;
use crate::load::LatencyMs;

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct ManyPeople {
    pub alerts: u32,
    pub people: u32,
    /// From the first alert about somebody's service to the first page to them.
    pub first_page_ms: LatencyMs,
    /// Pages to all of them.
    pub pages: u64,
    /// People who were not paged in time.
    pub unpaged: u64,
    /// Alerts that were not answered 2xx.
    pub refused: u64,
    /// Where the log says that they went.
    pub went: Where,
}

impl ManyPeople {
    pub fn figures(&self) -> Vec<Figure> {
        let missing = u64::from(self.alerts).saturating_sub(self.refused).saturating_sub(self.went.problems);
        vec![
            Figure::new("first page, p50", "ms", self.first_page_ms.p50),
            Figure::new("first page, p99", "ms", self.first_page_ms.p99)
                .target(Target::AtMost(FIRST_PAGE_MS_MAX)),
            Figure::new("first page, longest", "ms", self.first_page_ms.max),
            Figure::new("pages to all of them", "", float(self.pages)),
            Figure::fault("people without a page", self.unpaged),
            Figure::fault("refused", self.refused),
            Figure::fault("accepted, but in no alert in the log", missing),
            Figure::fault("in two alerts", self.went.twice),
        ]
    }
}

/// Starts a house and sends it the storm. The channel is as fast as its configuration allows: who waits for their turn
/// there is not what is measured.
pub async fn measure(plan: &Plan, scratch: &Scratch) -> Result<ManyPeople, BenchError> {
    let setting = Setting { people: plan.people, numbers: plan.alerts, is_channel_fast: true };
    let House { mut subject, sink, loud, .. } = House::start(&plan.hot_potato, scratch, setting).await?;
    subject.program.come_to_rest().await?;
    let each = (plan.alerts / plan.people).max(1);
    let people = plan.people;
    let messages = sink.messages();
    let whose = move |number: u32| service((number / each).min(people - 1));
    let posted = tokio::select! {
        posted = steadily(&loud, 0..plan.alerts, plan.connections, plan.per_second, whose) => posted?,
        broken = subject.program.broken() => return Err(broken),
    };
    let all = usize::try_from(WARM_UP_COUNT + people).unwrap_or(usize::MAX);
    sink.wait_for(all, PAGE_WAIT_MAX).await;
    subject.program.come_to_rest().await?;
    let (mut firsts, mut unpaged) = (Vec::new(), 0);
    for person in 0..people {
        let theirs = person * each..(person + 1) * each;
        let due = posted.due.range(theirs.clone()).map(|(_, due)| *due).min();
        let page = theirs.filter_map(|number| sink.arrival(number)).min();
        match due.zip(page) {
            Some((due, page)) => firsts.push((sink.epoch() + page).saturating_duration_since(due)),
            None => unpaged += 1,
        }
    }
    let pages = sink.messages() - messages;
    subject.program.end().await?;
    Ok(ManyPeople {
        alerts: plan.alerts,
        people,
        first_page_ms: LatencyMs::of(firsts),
        pages,
        unpaged,
        refused: posted.refused,
        went: Told::read(&subject.folder).await?.of("loud"),
    })
}
