//! Signs that mean something in another language or on another keyboard, and here are letters.

/// What begins a comment elsewhere. In YAML and TOML a comment begins with `#`.
const COMMENTS: [&str; 6] = ["//", "/*", "<!--", "-- ", "; ", "% "];

/// The sign of a comment that `line` begins with, and what the comment says.
pub(super) fn comment(line: &str) -> Option<(&'static str, &str)> {
    let sign = COMMENTS.into_iter().find(|sign| line.starts_with(sign))?;
    let text = line[sign.len()..].trim_end_matches(['*', '/', '-', '>']).trim();
    Some((sign.trim_end(), text))
}

/// The plain sign that a full-width one stands for: an East Asian keyboard gives `：` for `:`.
pub(super) fn plain(sign: char) -> Option<char> {
    /// From `!` to `~`, in the order of ASCII.
    const FULL_WIDTH: std::ops::RangeInclusive<char> = '！'..='～';
    let offset = u32::from(*FULL_WIDTH.start()) - u32::from('!');
    let plain = FULL_WIDTH.contains(&sign).then(|| char::from_u32(u32::from(sign) - offset)).flatten();
    plain.filter(char::is_ascii_punctuation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_have_plain_ones() {
        let of = |signs: &str| signs.chars().map(|sign| plain(sign).unwrap_or('?')).collect::<String>();
        assert_eq!(of("：＝［］｛｝，＃－＂！～"), ":=[]{},#-\"!~");
        assert_eq!(of("Ａ１ａ、。"), "?????", "letters and digits are text");
    }
}
