//! "Did you mean …": the known name that is most like a misspelt one.

/// Names longer than this are compared with nothing.
const CHARS_MAX: usize = 100;

/// The candidate that `name` was most likely meant to be; none when nothing is like it.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = lowered(name)?;
    let distance_max = (wanted.len() / 3).clamp(1, 4);
    let measured = candidates.into_iter().filter_map(|candidate| {
        let distance = distance(&wanted, &lowered(candidate)?);
        (distance <= distance_max).then_some((distance, candidate))
    });
    measured.min().map(|(_, candidate)| candidate)
}

fn lowered(name: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = name.chars().take(CHARS_MAX + 1).flat_map(char::to_lowercase).collect();
    (letters.len() <= CHARS_MAX).then_some(letters)
}

/// How many letters were changed, left out, added, or swapped with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut higher: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut this = Vec::with_capacity(right.len() + 1);
        this.push(row + 1);
        for (column, other) in right.iter().enumerate() {
            let changed = above[column] + usize::from(letter != other);
            let mut least = changed.min(above[column + 1] + 1).min(this[column] + 1);
            let swapped = row > 0 && column > 0 && *letter == right[column - 1] && left[row - 1] == *other;
            if swapped {
                least = least.min(higher[column - 1] + 1);
            }
            this.push(least);
        }
        higher = std::mem::replace(&mut above, this);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let names = ["anna", "bernd", "callum", "sysadmin-primary"];
        for (name, expected) in [
            ("ana", Some("anna")),
            ("Anna", Some("anna")),
            ("brend", Some("bernd")),
            ("calum", Some("callum")),
            ("sysadmin_primary", Some("sysadmin-primary")),
            ("dora", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(100_000), names), None);
    }
}
