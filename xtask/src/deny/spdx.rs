//! Licence expressions: `(MIT OR Apache-2.0) AND Unicode-3.0`.
//!
//! Source: SPDX specification 2.3, annex D, "SPDX license expressions": `WITH` binds tighter than `AND`, and that
//! tighter than `OR`. Crates from before 2020 write `MIT/Apache-2.0` and mean `OR`.

use std::iter::Peekable;
use std::vec::IntoIter;

/// A licence expression, parsed.
#[derive(Debug, PartialEq, Eq)]
pub enum Expression {
    /// An identifier, with its exception if there is one: `Apache-2.0 WITH LLVM-exception`.
    Licence(String),
    /// All of them hold.
    And(Vec<Expression>),
    /// One may be chosen.
    Or(Vec<Expression>),
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// Says in a sentence what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = tokens(text).into_iter().peekable();
        let expression = either(&mut tokens)?;
        match tokens.next() {
            None => Ok(expression),
            Some(token) => Err(format!("`{token}` is not expected there")),
        }
    }

    /// Whether the expression can be met with allowed licences alone.
    pub fn holds(&self, allowed: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Licence(licence) => allowed(licence),
            Self::And(all) => all.iter().all(|it| it.holds(allowed)),
            Self::Or(any) => any.iter().any(|it| it.holds(allowed)),
        }
    }

    /// Every licence that is named, chosen or not.
    pub fn licences(&self) -> Vec<String> {
        match self {
            Self::Licence(licence) => vec![licence.clone()],
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::licences).collect(),
        }
    }
}

type Tokens = Peekable<IntoIter<String>>;

fn tokens(text: &str) -> Vec<String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

fn either(tokens: &mut Tokens) -> Result<Expression, String> {
    joined(tokens, "OR", both, Expression::Or)
}

fn both(tokens: &mut Tokens) -> Result<Expression, String> {
    joined(tokens, "AND", single, Expression::And)
}

/// Parts with a word between them; one part alone stands for itself.
fn joined(
    tokens: &mut Tokens,
    word: &str,
    part: fn(&mut Tokens) -> Result<Expression, String>,
    join: fn(Vec<Expression>) -> Expression,
) -> Result<Expression, String> {
    let first = part(tokens)?;
    let mut parts = vec![first];
    while tokens.next_if(|token| token == word).is_some() {
        parts.push(part(tokens)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
}

fn single(tokens: &mut Tokens) -> Result<Expression, String> {
    if tokens.next_if(|token| token == "(").is_some() {
        let inner = either(tokens)?;
        return match tokens.next_if(|token| token == ")") {
            Some(_) => Ok(inner),
            None => Err("a parenthesis is not closed".to_owned()),
        };
    }
    let licence = identifier(tokens)?;
    match tokens.next_if(|token| token == "WITH") {
        Some(_) => Ok(Expression::Licence(format!("{licence} WITH {}", identifier(tokens)?))),
        None => Ok(Expression::Licence(licence)),
    }
}

fn identifier(tokens: &mut Tokens) -> Result<String, String> {
    match tokens.next() {
        None => Err("it ends too early".to_owned()),
        Some(token) if is_identifier(&token) => Ok(token),
        Some(token) => Err(format!("`{token}` is not the name of a licence")),
    }
}

fn is_identifier(token: &str) -> bool {
    let is_word = ["AND", "OR", "WITH"].iter().any(|word| token.eq_ignore_ascii_case(word));
    !is_word && token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(expression: &str, allowed: &[&str]) -> bool {
        let expression = Expression::parse(expression).expect("the expression is well formed");
        expression.holds(&|licence| allowed.contains(&licence))
    }

    #[test]
    fn one_side_of_or_is_enough_and_both_of_and_are_needed() {
        assert!(holds("MIT OR GPL-2.0-only", &["MIT"]));
        assert!(holds("GPL-2.0-only OR MIT", &["MIT"]));
        assert!(!holds("MIT AND GPL-2.0-only", &["MIT"]));
        assert!(holds("MIT AND ISC", &["MIT", "ISC"]));
        assert!(!holds("GPL-2.0-only", &["MIT"]));
    }

    #[test]
    fn and_binds_tighter_than_or() {
        assert!(holds("MIT OR ISC AND GPL-2.0-only", &["MIT"]));
        assert!(holds("GPL-2.0-only AND ISC OR MIT", &["MIT"]));
        assert!(!holds("GPL-2.0-only AND MIT OR ISC", &["MIT"]));
    }

    #[test]
    fn parentheses_change_what_binds() {
        assert!(!holds("(MIT OR ISC) AND Unicode-3.0", &["MIT"]));
        assert!(holds("(MIT OR ISC) AND Unicode-3.0", &["MIT", "Unicode-3.0"]));
        assert!(holds("((MIT))", &["MIT"]));
    }

    #[test]
    fn a_licence_with_an_exception_is_another_licence() {
        let expression = "Apache-2.0 WITH LLVM-exception";
        assert!(!holds(expression, &["Apache-2.0"]));
        assert!(holds(expression, &["Apache-2.0 WITH LLVM-exception"]));
        assert!(holds("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", &["MIT"]));
    }

    #[test]
    fn the_old_slash_means_or() {
        assert!(holds("MIT/Apache-2.0", &["Apache-2.0"]));
        assert!(holds("Unlicense / MIT", &["MIT"]));
        assert!(!holds("GPL-2.0/GPL-3.0", &["MIT"]));
    }

    #[test]
    fn every_named_licence_is_listed() {
        let expression = Expression::parse("(MIT OR Zlib) AND Apache-2.0 WITH LLVM-exception");
        let licences = expression.expect("the expression is well formed").licences();
        assert_eq!(licences, ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT ISC", "MIT and ISC", "WITH", "MIT, ISC"] {
            assert!(Expression::parse(text).is_err(), "`{text}` was taken for an expression");
        }
    }
}
