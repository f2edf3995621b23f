//! The schemas' regular expressions, each as a function: with a handful of short ones an engine is not worth its weight.

/// An id or a style's name.
pub const ID: &str = "^[A-Za-z0-9][A-Za-z0-9_-]*$";
/// A cast member's name, which is followed by punctuation in a prompt.
pub const CAST_NAME: &str = "^[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9_])?$";
/// Seconds written as text.
pub const SECONDS: &str = "^[0-9]+$";
/// The same for a cut, which lasts at least one.
pub const CUT_SECONDS: &str = "^0*[1-9][0-9]*$";
/// A path, or an address that is http or https. (`data:` passes: a rule of its own says what to do instead.)
pub const PICTURE: &str = r"^([Hh][Tt][Tt][Pp][Ss]?://|(?!(?![Dd][Aa][Tt][Aa]:)[A-Za-z][A-Za-z0-9+.-]*://))";
/// The service's address.
pub const BASE_URL: &str = "^https?://";
/// An environment variable's name.
pub const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]*$";

type Matcher = fn(&str) -> bool;

const PATTERNS: &[(&str, Matcher)] = &[
    (ID, |text| text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_name)),
    (CAST_NAME, |text| {
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_name) && !text.ends_with('-')
    }),
    (SECONDS, |text| !text.is_empty() && is_digits(text)),
    (CUT_SECONDS, |text| is_digits(text) && !text.trim_start_matches('0').is_empty()),
    (PICTURE, |text| {
        let Some((scheme, _)) = text.split_once("://") else { return true };
        !is_scheme(scheme) || ["http", "https", "data"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    }),
    (BASE_URL, |text| text.starts_with("http://") || text.starts_with("https://")),
    (VARIABLE, |text| {
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    }),
];

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
}

/// Whether a text matches the expression `pattern`.
///
/// # Panics
/// On an expression that has no row above.
pub(super) fn matcher(pattern: &str) -> Matcher {
    let row = PATTERNS.iter().find(|(known, _)| *known == pattern);
    row.unwrap_or_else(|| panic!("the pattern `{pattern}` has no function")).1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PATTERNS;

    proptest! {
        #[test]
        fn each_function_is_its_expression(text in r"([a-cA-C0-9_./ é-]|:|data:|https?:/?/?|HTTP|ftp|://){0,8}") {
            for (pattern, is_match) in PATTERNS {
                let schema = serde_json::json!({ "pattern": pattern });
                let expected = jsonschema::is_valid(&schema, &text.as_str().into());
                prop_assert_eq!(is_match(&text), expected, "{} with {:?}", pattern, text);
            }
        }
    }
}
