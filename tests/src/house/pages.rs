//! The pages of a story: each one that is expected is claimed.

use std::time::Duration;

use super::House;
use crate::page::Page;
use crate::program::Program;
use crate::wait;

impl House {
    /// Claims the next page to a destination, in the order of their arrival.
    ///
    /// # Panics
    /// When none comes, or when what comes was not taken by the provider and the story does not say so.
    pub async fn page(&mut self, destination: &str) -> Page {
        let after = self.last_claimed(destination).await;
        let found = wait::in_time(async || {
            if let Some(status) = self.node.as_mut().and_then(Program::exit_status) {
                panic!("the house ended by itself, or somebody ended it, with {status}");
            }
            self.stand_ins.pages_to(destination, after).await.into_iter().next()
        })
        .await;
        let Some(page) = found else {
            panic!(
                "no page came to {destination}; these calls did:\n{}",
                list(&self.stand_ins.ledger().await)
            );
        };
        self.claimed.insert(page.seq);
        page
    }

    /// Claims the page to a destination after this one if it is there and says that it is a repeat.
    pub async fn repeat_if_any(&mut self, destination: &str) -> Option<Page> {
        let after = self.last_claimed(destination).await;
        let pages = self.stand_ins.pages().await;
        let next = pages.into_iter().find(|page| page.destination == destination && page.seq > after);
        let repeat = next.filter(Page::is_repeat)?;
        self.claimed.insert(repeat.seq);
        Some(repeat)
    }

    /// Claims every page to a destination so far, and those that fit later: for stories about load.
    pub async fn claim_all(&mut self, destination: &str) -> Vec<Page> {
        let mut pages = self.stand_ins.pages().await;
        pages.retain(|page| page.destination == destination);
        self.claimed.extend(pages.iter().map(|page| page.seq));
        pages
    }

    async fn last_claimed(&self, destination: &str) -> u64 {
        let pages = self.stand_ins.pages().await;
        let claimed =
            pages.iter().filter(|page| page.destination == destination && self.claimed.contains(&page.seq));
        claimed.map(|page| page.seq).max().unwrap_or(0)
    }

    /// Watches for so long that nobody is paged.
    ///
    /// # Panics
    /// When somebody is, or was before without the story saying so.
    pub async fn silent_for(&mut self, span: Duration) {
        self.nothing_else().await;
        let last = self.stand_ins.pages().await.last().map_or(0, |page| page.seq);
        let heard = self.stand_ins.pages_after(last, span.as_millis()).await;
        assert!(heard.is_empty(), "silence was expected for {span:?}, but:\n{}", list(&heard));
    }

    /// Checks that nobody was paged without the story saying so.
    ///
    /// # Panics
    /// When somebody was.
    pub async fn nothing_else(&self) {
        let unexpected = self.unexpected().await;
        assert!(
            unexpected.is_empty(),
            "pages that the story does not expect:\n{}\nall calls:\n{}",
            list(&unexpected),
            list(&self.stand_ins.ledger().await)
        );
    }

    /// The pages that the story has not claimed, and calls that no provider knows.
    pub async fn unexpected(&self) -> Vec<Page> {
        let mut calls = self.stand_ins.ledger().await;
        calls.retain(|call| match call.call.as_str() {
            "send" => !self.claimed.contains(&call.seq),
            other => other == "unknown",
        });
        calls
    }
}

fn list(calls: &[Page]) -> String {
    calls.iter().map(Page::line).collect::<Vec<_>>().join("\n")
}
