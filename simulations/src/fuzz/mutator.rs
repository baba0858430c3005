//! Makes inputs out of others: the same ones from the same seed.
//!
//! Far simpler than libFuzzer and blind to what the parser does. It keeps what a long run found from coming back, and
//! finds what lies close to the corpus.

/// No input grows longer.
pub const INPUT_BYTES_MAX: usize = 16 * 1_024;
/// So many changes at most make one input of another.
const CHANGES_MAX: usize = 5;
/// The longest stretch that is copied, repeated or left out.
const STRETCH_BYTES_MAX: usize = 64;

/// Numbers at which something often ends.
const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "+1",
    "00",
    "127",
    "128",
    "255",
    "256",
    "32768",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "1e999",
];

/// Bytes and characters that mean something to many parsers.
const PIECES: [&str; 24] = [
    "\n", "\r\n", "\0", "\t", " ", "\"", "'", "\\", "{", "}", "[", "]", ":", ",", "#", "-", "\u{feff}",
    "\u{85}", "\u{2028}", "\u{202e}", "\u{61c}", "é", "🔥", "\u{fffd}",
];

/// Numbers in an order that nobody sees through and that is always the same (`SplitMix64`; Steele, Lea, Flood: "Fast
/// Splittable Pseudorandom Number Generators", 2014).
#[derive(Clone, Debug)]
pub struct Lots(u64);

impl Lots {
    /// The numbers that follow from this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// Changes inputs, with the words of one parser at hand.
#[derive(Clone, Debug)]
pub struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    words: &'a [Vec<u8>],
}

impl<'a> Mutator<'a> {
    /// A mutator of these inputs, with words to put in.
    pub const fn new(corpus: &'a [Vec<u8>], words: &'a [Vec<u8>]) -> Self {
        Self { corpus, words }
    }

    /// The input that this seed leads to.
    pub fn input(&self, seed: u64) -> Vec<u8> {
        let mut lots = Lots::new(seed);
        let mut input = self.other(&mut lots).to_vec();
        for _ in 0..=lots.below(CHANGES_MAX) {
            self.change(&mut input, &mut lots);
        }
        input.truncate(INPUT_BYTES_MAX);
        input
    }

    fn other(&self, lots: &mut Lots) -> &'a [u8] {
        self.corpus.get(lots.below(self.corpus.len())).map_or(&[], Vec::as_slice)
    }

    fn change(&self, input: &mut Vec<u8>, lots: &mut Lots) {
        let (at, to) = stretch(input.len(), lots);
        match lots.below(11) {
            0 if at < input.len() => input[at] ^= 1 << lots.below(8),
            1 if at < input.len() => input[at] = lots.byte(),
            2 => input.truncate(at),
            3 => drop(input.drain(at..to)),
            4 => {
                let copy = input[at..to].to_vec();
                insert(input, at, &copy);
            }
            5 => {
                let copy = input[at..to].to_vec();
                let elsewhere = lots.below(input.len() + 1);
                insert(input, elsewhere, &copy);
            }
            6 => {
                let other = self.other(lots);
                let from = lots.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            7 => insert(input, at, PIECES[lots.below(PIECES.len())].as_bytes()),
            8 => replace_number(input, at, NUMBERS[lots.below(NUMBERS.len())].as_bytes()),
            _ => {
                let word = self.words.get(lots.below(self.words.len())).map_or(&b"\n"[..], Vec::as_slice);
                insert(input, at, word);
            }
        }
    }
}

/// Two places in an input, close to each other.
fn stretch(length: usize, lots: &mut Lots) -> (usize, usize) {
    let at = lots.below(length + 1);
    (at, (at + lots.below(STRETCH_BYTES_MAX + 1)).min(length))
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    if input.len() + piece.len() <= INPUT_BYTES_MAX {
        input.splice(at..at, piece.iter().copied());
    }
}

/// Puts a number in the place of the first one from here on.
fn replace_number(input: &mut Vec<u8>, from: usize, number: &[u8]) {
    let Some(start) = input[from..].iter().position(u8::is_ascii_digit).map(|offset| from + offset) else {
        return;
    };
    let digits = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    input.splice(start..start + digits, number.iter().copied());
}

/// The words of a dictionary in the format of libFuzzer: `"word"` or `name="word"` in each line, `#` begins a remark;
/// in a word `\\`, `\"` and `\x1F` are escapes. Source: <https://llvm.org/docs/LibFuzzer.html#dictionaries>.
pub fn words(dictionary: &str) -> Vec<Vec<u8>> {
    let lines = dictionary.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let quoted = lines.filter_map(|line| line.split_once('"')?.1.strip_suffix('"'));
    quoted.map(|word| unescaped(word.as_bytes())).collect()
}

fn unescaped(mut word: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(word.len());
    while let Some((&first, rest)) = word.split_first() {
        word = rest;
        let code = rest.strip_prefix(b"x").and_then(|rest| rest.split_at_checked(2));
        let number =
            code.and_then(|(digits, _)| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (first, number, rest.first()) {
            (b'\\', Some(number), _) => {
                bytes.push(number);
                word = &rest[3..];
            }
            (b'\\', None, Some(&escaped)) => {
                bytes.push(escaped);
                word = &rest[1..];
            }
            _ => bytes.push(first),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_leads_to_one_input_and_many_seeds_to_many() {
        let (corpus, words) = (vec![b"{\"a\":1}".to_vec(), b"other".to_vec()], vec![b"status".to_vec()]);
        let mutator = Mutator::new(&corpus, &words);
        let inputs: Vec<Vec<u8>> = (0..1_000).map(|seed| mutator.input(seed)).collect();
        assert_eq!(inputs, (0..1_000).map(|seed| mutator.input(seed)).collect::<Vec<_>>());
        assert!(inputs.iter().collect::<BTreeSet<_>>().len() > 700);
        assert!(inputs.iter().all(|input| input.len() <= INPUT_BYTES_MAX));
    }

    #[test]
    fn nothing_can_be_changed_too() {
        let mutator = Mutator::new(&[], &[]);
        assert!((0..1_000).any(|seed| !mutator.input(seed).is_empty()));
    }

    #[test]
    fn dictionaries_are_libfuzzers() {
        let dictionary = "# remark\n\nname=\"a\\\\b\"\n\"\\x0d\\x0A\"\n\"say \\\"so\\\"\"\nnonsense\n";
        let expected: [&[u8]; 3] = [b"a\\b", b"\r\n", b"say \"so\""];
        assert_eq!(words(dictionary), expected);
    }
}
