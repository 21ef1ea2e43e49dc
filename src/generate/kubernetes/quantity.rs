//! Kubernetes quantities (API reference, `Quantity`): a decimal number with a suffix of powers of ten or of two.

/// Suffixes with their factor in thousandths.
const SUFFIXES: [(&str, u128); 12] = [
    ("Ki", 1_000 << 10),
    ("Mi", 1_000 << 20),
    ("Gi", 1_000 << 30),
    ("Ti", 1_000 << 40),
    ("Pi", 1_000 << 50),
    ("m", 1),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("", 1_000),
];

/// The quantity in millionths, so that quantities can be compared; nothing for what is no quantity, or has more than 12
/// digits before or 3 behind the point.
pub(super) fn parse(text: &str) -> Option<u128> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let factor = SUFFIXES.iter().find(|(name, _)| *name == suffix).map(|(_, factor)| *factor)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || whole.len() > 12 || fraction.is_empty() || fraction.len() > 3 {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u128>().ok()?;
    Some((whole.parse::<u128>().ok()? * 1_000 + thousandths) * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_compare() {
        assert!(parse("100m") < parse("0.5") && parse("0.5") < parse("1"));
        assert!(parse("128Mi") < parse("1Gi") && parse("128M") < parse("128Mi"));
        assert_eq!(parse("1000m"), parse("1"));
        for wrong in ["", "m", "1.2.3", "lots", "-1", "1 Gi", "1e3", "9999999999999", "½"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
