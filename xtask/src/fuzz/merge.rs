//! Which of many inputs are worth committing: the fewest that reach the most.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// One input as libFuzzer saw it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Input {
    pub path: PathBuf,
    pub bytes: u64,
    /// What it reaches, in libFuzzer's numbers.
    pub features: BTreeSet<u32>,
}

/// Reads what libFuzzer's `-merge_control_file` says: how many inputs, how many of them stand in the first folder, their
/// paths, then for each `STARTED NUMBER BYTES` and `FT NUMBER FEATURE…`.
pub fn inputs(control: &str) -> Vec<Input> {
    let mut lines = control.lines();
    let count = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(0);
    lines.next();
    let mut inputs: Vec<Input> =
        lines.by_ref().take(count).map(|path| Input { path: path.into(), ..Input::default() }).collect();
    for line in lines {
        let mut words = line.split_whitespace();
        let (kind, number) = (words.next(), words.next().and_then(|word| word.parse::<usize>().ok()));
        let Some(input) = number.and_then(|number| inputs.get_mut(number)) else { continue };
        match kind {
            Some("STARTED") => input.bytes = words.next().and_then(|word| word.parse().ok()).unwrap_or(0),
            Some("FT") => input.features = words.filter_map(|word| word.parse().ok()).collect(),
            _ => {}
        }
    }
    inputs
}

/// Chooses at most `count_max` inputs, each time the one that reaches most of what nothing before it reaches; of several
/// the shortest. What is `reached` already does not count.
pub fn choose(mut inputs: Vec<Input>, mut reached: BTreeSet<u32>, count_max: usize) -> Vec<Input> {
    let mut chosen = Vec::new();
    while chosen.len() < count_max {
        for input in &mut inputs {
            input.features.retain(|feature| !reached.contains(feature));
        }
        inputs.retain(|input| !input.features.is_empty());
        let best =
            inputs.iter().enumerate().max_by_key(|(_, input)| (input.features.len(), u64::MAX - input.bytes));
        let Some((best, _)) = best else { break };
        let input = inputs.swap_remove(best);
        reached.extend(&input.features);
        chosen.push(input);
    }
    chosen
}

/// Copies inputs into a folder under their own names.
pub fn copy(inputs: &[Input], folder: &std::path::Path) -> Result<(), String> {
    for input in inputs {
        let name = input.path.file_name().ok_or_else(|| format!("{} is no file", input.path.display()))?;
        let copied = fs::copy(&input.path, folder.join(name));
        copied.map_err(|error| format!("{}: {error}", input.path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL: &str = "3\n0\nkept/a\nfound/b\nfound/c\nSTARTED 0 5\nFT 0 1 2\nCOV 0 7\nSTARTED 1 9\nFT 1 1 3\nSTARTED 2 4\nFT 2 3 4 5\n";

    #[test]
    fn libfuzzers_list_is_read() {
        let inputs = inputs(CONTROL);
        assert_eq!(inputs.len(), 3);
        let expected = Input { path: "found/c".into(), bytes: 4, features: [3, 4, 5].into() };
        assert_eq!(inputs[2], expected);
    }

    #[test]
    fn the_fewest_that_reach_the_most_are_chosen() {
        let names = |count_max, reached: &[u32]| -> Vec<String> {
            let chosen = choose(inputs(CONTROL), reached.iter().copied().collect(), count_max);
            chosen.iter().map(|input| input.path.display().to_string()).collect()
        };
        assert_eq!(names(9, &[]), ["found/c", "kept/a"], "the third reaches nothing new");
        assert_eq!(names(9, &[1, 2]), ["found/c"]);
        assert_eq!(names(1, &[]), ["found/c"]);
    }
}
