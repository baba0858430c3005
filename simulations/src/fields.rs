//! Named values of a request, as they come in a query string, a form body or a flat JSON object.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Names and values, sorted by name. Of a name that comes twice the last value stands.
pub type Fields = BTreeMap<String, String>;

/// Reads `application/x-www-form-urlencoded` text. Never fails: what is not UTF-8 becomes U+FFFD.
pub fn decode_form(text: &[u8]) -> Fields {
    text.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let equals = pair.iter().position(|&byte| byte == b'=');
            let (name, value) = equals.map_or((pair, &pair[..0]), |at| (&pair[..at], &pair[at + 1..]));
            (decode(name), decode(value))
        })
        .collect()
}

/// All values of one name in `application/x-www-form-urlencoded` text, in order.
pub fn values_of(text: &[u8], name: &str) -> Vec<String> {
    let pairs = text.split(|&byte| byte == b'&').map(decode_form);
    pairs.filter_map(|pair| pair.get(name).cloned()).collect()
}

/// Writes fields as `application/x-www-form-urlencoded`, in the order of their names.
pub fn encode_form(fields: &Fields) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Reads a flat JSON object; numbers and booleans become their JSON text, nulls are left out. Anything but an
/// object gives no fields.
pub fn decode_json(text: &[u8]) -> Fields {
    let Ok(Value::Object(object)) = serde_json::from_slice(text) else { return Fields::new() };
    let field = |(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some((name, text)),
        other => Some((name, other.to_string())),
    };
    object.into_iter().filter_map(field).collect()
}

fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = if first == b'%' { tail.get(..2).and_then(hex_pair) } else { None };
        rest = if escaped.is_some() { &tail[2..] } else { tail };
        bytes.push(escaped.unwrap_or(if first == b'+' { b' ' } else { first }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(digits[0])? * 16 + digit(digits[1])?)
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            other => write!(encoded, "%{other:02X}").expect("writing to a string cannot fail"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_text_survives_the_round_trip() {
        let fields = Fields::from([
            ("Body".to_owned(), "Größe 5 % & mehr = ✓\r\n".to_owned()),
            ("To".to_owned(), "+393331234567".to_owned()),
        ]);
        assert_eq!(decode_form(encode_form(&fields).as_bytes()), fields);
    }

    #[test]
    fn broken_escapes_are_taken_literally() {
        assert_eq!(decode_form(b"a=5%&b=%zz&c").get("a").map(String::as_str), Some("5%"));
        assert_eq!(decode_form(b"a=5%&b=%zz&c").get("b").map(String::as_str), Some("%zz"));
        assert_eq!(decode_form(b"a=5%&b=%zz&c").get("c").map(String::as_str), Some(""));
    }

    #[test]
    fn numbers_in_json_become_text() {
        let fields = decode_json(br#"{"priority":2,"message":"x","sound":null}"#);
        assert_eq!(fields.get("priority").map(String::as_str), Some("2"));
        assert!(!fields.contains_key("sound"));
        assert!(decode_json(b"[1]").is_empty());
    }
}
