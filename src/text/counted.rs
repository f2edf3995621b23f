//! How many there are of something, in words.

use std::fmt;

/// `1 file`, `2 files`, `2.5 units`, `-1 unit`: a number as it is shown, and what it counts.
pub fn counted(count: impl fmt::Display, noun: &str) -> String {
    let count = count.to_string();
    let is_one = matches!(count.trim_start_matches(['+', '-']), "1");
    format!("{count} {noun}{}", if is_one { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_one_whatever_its_type_and_sign() {
        assert_eq!(counted(0, "file"), "0 files");
        assert_eq!(counted(1.0, "unit"), "1 unit");
        assert_eq!(counted(0.1, "unit"), "0.1 units");
        assert_eq!(counted("+1", "unit"), "+1 unit");
        assert_eq!(counted("11", "unit"), "11 units");
    }
}
