//! Two nodes on one log, and everything that may go wrong between them, one kind of fault at a time. The program
//! `model` checks larger bounds.

use simulations::model::bounds::SMALL;
use simulations::model::check::{Checked, Until, check, unreached};

#[test]
fn within_the_small_bounds_every_invariant_holds_and_a_duplicate_is_possible() {
    let checked: Vec<Checked> = SMALL.iter().map(|&bounds| check(bounds, 2, Until::Exhausted)).collect();
    for checked in &checked {
        let stories: Vec<_> = checked.broken().collect();
        assert!(stories.is_empty(), "{checked}{stories:#?}");
    }
    assert_eq!(unreached(&checked), Vec::<&str>::new());
}
