//! Blames a refusal on fields of the body, by the service's words.

/// Parts of a text in lower case, and the fields that they blame, the likeliest first.
///
/// Source: answers that users of the API wrote down between 2026-08-15 and 2026-10-06.
const KNOWN: &[(&str, &[&str])] = &[
    ("content item of type 'first_frame'", &["contents.first_frame"]),
    ("content item of type 'last_frame'", &["contents.last_frame"]),
    ("content item of type 'prompt'", &["contents.prompt"]),
    ("content item of type 'element'", &["contents.element"]),
    ("content item of type 'voice'", &["contents.voice"]),
    ("element id", &["contents.element"]),
    ("get the contents of the file", &["contents.first_frame", "contents.last_frame"]),
    ("image pixel", &["contents.first_frame", "contents.last_frame"]),
    ("base64", &["contents.first_frame", "contents.last_frame"]),
    ("risk control", &["contents.prompt", "contents.first_frame", "contents.last_frame"]),
    ("resolution", &["settings.resolution"]),
    ("settings.audio", &["settings.audio"]),
    ("audio mode", &["settings.audio"]),
    ("multi_shot", &["settings.multi_shot"]),
    ("duration", &["settings.duration"]),
    ("watermark", &["options.watermark_info"]),
    ("the model", &["model"]),
    ("prompt", &["contents.prompt"]),
];

/// The body fields that a refusal is about, the likeliest first. Empty where it names none.
pub(super) fn blamed_fields(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    if let Some(item) = item(&lower) {
        return vec![item];
    }
    let known = KNOWN.iter().find(|(part, _)| lower.contains(part));
    known.map(|(_, fields)| fields.iter().map(|field| (*field).to_owned()).collect()).unwrap_or_default()
}

/// The item that a text names by its number: `contents[0].text`.
fn item(lower: &str) -> Option<String> {
    let (_, rest) = lower.split_once("contents[")?;
    let (number, rest) = rest.split_once(']')?;
    let number: u8 = number.parse().ok()?;
    let name = rest.strip_prefix('.').unwrap_or_default();
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    let part = if end == 0 { String::new() } else { format!(".{}", &name[..end]) };
    Some(format!("contents[{number}]{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_fields() {
        let cases: &[(&str, &[&str])] = &[
            ("settings.resolution value '4K' is invalid, allowed: 480p, 720p, 1080p, 4k", &["settings.resolution"]),
            ("video resolution value '4k' is invalid", &["settings.resolution"]),
            ("settings.audio value 'on' is invalid", &["settings.audio"]),
            ("audio mode 'original' is not supported by the current model", &["settings.audio"]),
            ("contents[0].text: size must be between 0 and 3072", &["contents[0].text"]),
            ("contents[2].type value 'voice' is invalid", &["contents[2].type"]),
            ("content item of type 'first_frame' is required", &["contents.first_frame"]),
            ("content item of type 'prompt' must have non-blank text", &["contents.prompt"]),
            ("Element id not found: 173", &["contents.element"]),
            ("The model 'kling-9' has been discontinued and is no longer available.", &["model"]),
            ("External_task_id 0123 already exists", &[]),
            ("contents cannot be empty", &[]),
            ("contents[99999].text", &[]),
        ];
        for (text, fields) in cases {
            assert_eq!(blamed_fields(text), *fields, "{text}");
        }
    }
}
