//! How many SMS a text takes: <https://www.twilio.com/docs/glossary/what-sms-character-limit>.

/// GSM 03.38, basic table.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// GSM 03.38, extension table: two septets each.
const EXTENSION: &str = "^{}\\[~]|€\u{c}";

/// Returns the number of segments: 160 septets in one or 153 in each of several; 70 or 67 UTF-16 units as soon
/// as one character is outside GSM 03.38.
pub fn count(text: &str) -> usize {
    let septets: Option<usize> = text.chars().map(septets).sum();
    let (length, single, several) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    if length <= single { 1 } else { length.div_ceil(several) }
}

/// Says whether a character is in GSM 03.38.
pub fn is_gsm(character: char) -> bool {
    septets(character).is_some()
}

fn septets(character: char) -> Option<usize> {
    if BASIC.contains(character) {
        Some(1)
    } else if EXTENSION.contains(character) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_by_alphabet() {
        assert_eq!(count(&"a".repeat(160)), 1);
        assert_eq!(count(&"a".repeat(161)), 2);
        assert_eq!(count(&"ü".repeat(160)), 1);
        assert_eq!(count(&"€".repeat(81)), 2);
        assert_eq!(count(&"–".repeat(70)), 1);
        assert_eq!(count(&"–".repeat(71)), 2);
    }
}
