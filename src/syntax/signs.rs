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

/// Whether a character looks like a space, or like nothing, and is none to YAML and TOML.
pub(super) fn is_odd_space(sign: char) -> bool {
    !matches!(sign, ' ' | '\t' | '\n' | '\r') && (sign.is_whitespace() || is_invisible(sign))
}

/// Whether a character cannot be seen.
pub(super) fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The names of an odd space, for one and for several.
pub(super) fn space(sign: char) -> (&'static str, &'static str) {
    match sign {
        '\u{a0}' | '\u{202f}' => ("a no-break space", "no-break spaces"),
        '\u{3000}' => ("an ideographic space", "ideographic spaces"),
        '\u{feff}' => ("a byte order mark", "a byte order mark"),
        sign if is_invisible(sign) => ("an invisible character", "invisible characters"),
        _ => ("a wide space", "wide spaces"),
    }
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
