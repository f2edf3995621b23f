/// The way in which a writer names a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference<'t> {
    /// The picture's own bytes, as a `data:` URI or as base64.
    Inline,
    /// An http or https address.
    Url(&'t str),
    /// A path, relative or not.
    Path(&'t str),
}

impl<'t> Reference<'t> {
    /// Which of them a text is; inline data is looked for before anything else.
    pub fn of(text: &'t str) -> Self {
        let starts_with =
            |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if starts_with("data:") || is_base64(text) {
            Self::Inline
        } else if starts_with("http://") || starts_with("https://") {
            Self::Url(text)
        } else {
            Self::Path(text)
        }
    }
}

/// The base64 of a PNG or JPEG, or a long text of nothing but base64's alphabet. (A path of that length has a dot.)
fn is_base64(text: &str) -> bool {
    const LONG: usize = 64;
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.starts_with("iVBORw0KGgo") || text.starts_with("/9j/") || (text.len() >= LONG && text.bytes().all(alphabet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_data_is_seen_before_paths() {
        assert_eq!(Reference::of("data:image/png;base64,AAAA"), Reference::Inline);
        assert_eq!(Reference::of("/9j/4AAQ"), Reference::Inline);
        assert_eq!(Reference::of(&"Ab3/".repeat(16)), Reference::Inline);
        assert_eq!(Reference::of("HTTPS://a.example/x.png"), Reference::Url("HTTPS://a.example/x.png"));
        assert_eq!(Reference::of("frames/a.png"), Reference::Path("frames/a.png"));
    }
}
