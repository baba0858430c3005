//! A mail as a mail program reads it. Written from RFC 5322 (headers), RFC 2045 and 2046 (parts) and RFC 2047 (words
//! beyond ASCII in headers), not from what writes ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// Names and values, in order.
pub type Headers = Vec<(String, String)>;

/// A mail of several parts.
#[derive(Debug)]
pub struct Decoded {
    /// Names and values, in order.
    pub headers: Headers,
    /// The type and the text of each part.
    pub parts: Vec<(String, String)>,
}

impl Decoded {
    /// Reads a mail.
    pub fn read(mail: &str) -> Result<Self, String> {
        let (headers, body) = head(mail)?;
        let kind = value(&headers, "Content-Type");
        let boundary = parameter(kind, "boundary").ok_or("there is no boundary")?;
        let delimiter = format!("\r\n--{boundary}");
        let mut parts = Vec::new();
        // A boundary begins a line: RFC 2046, section 5.1.1.
        let whole = format!("\r\n{body}");
        let mut pieces = whole.split(&delimiter);
        pieces.next();
        for piece in pieces {
            if piece.starts_with("--") {
                return Ok(Self { headers, parts });
            }
            let piece = piece.strip_prefix("\r\n").ok_or("a boundary is alone on its line")?;
            let (own, content) = head(piece)?;
            let text = match value(&own, "Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
                "quoted-printable" => quoted_printable(content.as_bytes())?,
                "base64" => BASE64.decode(content.replace("\r\n", "")).map_err(|error| error.to_string())?,
                _ => content.as_bytes().to_vec(),
            };
            let text = String::from_utf8(text).map_err(|error| error.to_string())?;
            parts.push((value(&own, "Content-Type").to_owned(), text));
        }
        Err("the last boundary is missing".to_owned())
    }

    /// The value of a header that is there once.
    pub fn header(&self, name: &str) -> &str {
        value(&self.headers, name)
    }
}

fn value<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map_or("", |(_, value)| value.as_str())
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, rest) = value.split_once(&format!("{name}="))?;
    match rest.strip_prefix('"') {
        Some(quoted) => Some(quoted.split('"').next()?.to_owned()),
        None => Some(rest.split([';', ' ']).next()?.to_owned()),
    }
}

/// Headers up to the first empty line, unfolded and decoded, and what follows.
fn head(text: &str) -> Result<(Headers, &str), String> {
    let (head, body) = text.split_once("\r\n\r\n").ok_or("there is no end of the headers")?;
    let mut lines: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    let header = |line: String| {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("{line:?} is no header"))?;
        let is_name = !name.is_empty() && name.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        if is_name {
            Ok((name.to_owned(), words(value.trim())?))
        } else {
            Err(format!("{name:?} is no name"))
        }
    };
    Ok((lines.into_iter().map(header).collect::<Result<_, String>>()?, body))
}

/// Encoded words, with what is between two of them left out: RFC 2047, section 6.2.
fn words(value: &str) -> Result<String, String> {
    let (mut decoded, mut pending) = (Vec::new(), String::new());
    let mut was_encoded = false;
    let mut rest = value;
    while !rest.is_empty() {
        let length = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let bytes = encoded_word(word)?;
        let is_encoded = bytes.is_some();
        if !(is_encoded && was_encoded) {
            decoded.extend_from_slice(pending.as_bytes());
        }
        decoded.extend(bytes.unwrap_or_else(|| word.as_bytes().to_vec()));
        was_encoded = is_encoded;
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        after[..blanks].clone_into(&mut pending);
        rest = &after[blanks..];
    }
    String::from_utf8(decoded).map_err(|error| error.to_string())
}

fn encoded_word(word: &str) -> Result<Option<Vec<u8>>, String> {
    let Some(inner) = word.strip_prefix("=?").and_then(|word| word.strip_suffix("?=")) else {
        return Ok(None);
    };
    let parts: Vec<&str> = inner.split('?').collect();
    let [charset, encoding, text] = parts.as_slice() else { return Ok(None) };
    if !charset.eq_ignore_ascii_case("utf-8") {
        return Err(format!("{charset} is not read here"));
    }
    if word.len() > 75 {
        return Err(format!("an encoded word of {} characters", word.len()));
    }
    match *encoding {
        "b" | "B" => BASE64.decode(text).map(Some).map_err(|error| error.to_string()),
        "q" | "Q" => quoted_printable(text.replace('_', " ").as_bytes()).map(Some),
        other => Err(format!("{other} is no encoding of words")),
    }
}

/// RFC 2045, section 6.7.
fn quoted_printable(text: &[u8]) -> Result<Vec<u8>, String> {
    let (mut bytes, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.get(at) {
        if byte != b'=' {
            bytes.push(byte);
            at += 1;
            continue;
        }
        match text.get(at + 1..at + 3) {
            Some(b"\r\n") => {}
            Some(digits) => {
                let digits = std::str::from_utf8(digits).map_err(|error| error.to_string())?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|_| format!("={digits} is no byte"))?);
            }
            None => return Err("it ends in the middle of a byte".to_owned()),
        }
        at += 3;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of RFC 2047, section 8, and of RFC 2045, section 6.7.
    #[test]
    fn words_and_bytes_are_read_as_the_documents_say() {
        for (written, expected) in [
            ("a b", "a b"),
            ("=?utf-8?Q?a?= b", "a b"),
            ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
            ("=?utf-8?Q?a?=  \t =?utf-8?b?Yg==?=", "ab"),
            ("=?utf-8?Q?a_b?=", "a b"),
        ] {
            assert_eq!(words(written).as_deref(), Ok(expected), "{written}");
        }
        assert_eq!(quoted_printable(b"a=3D=\r\nb").as_deref(), Ok(b"a=b".as_slice()));
        assert!(quoted_printable(b"a=3").is_err());
    }
}
