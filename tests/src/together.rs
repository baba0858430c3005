//! Several small stories in one, side by side: most of a story is waiting.

use tokio::task::{JoinSet, LocalSet};

/// Tells all of them to their end, even when one fails; fails if one did.
///
/// # Panics
/// With the panic of the first one that failed.
pub async fn side_by_side(stories: impl IntoIterator<Item = impl Future<Output = ()> + 'static>) {
    let here = LocalSet::new();
    let mut told = JoinSet::new();
    for story in stories {
        told.spawn_local_on(story, &here);
    }
    let mut failures = Vec::new();
    here.run_until(async {
        while let Some(end) = told.join_next().await {
            failures.extend(end.err());
        }
    })
    .await;
    if let Some(failure) = failures.into_iter().next() {
        std::panic::resume_unwind(failure.into_panic());
    }
}
