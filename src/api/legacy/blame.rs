//! Blames a refusal on fields of the body, by the service's words.

/// A known text: a part of it, and the body fields that it blames, the most likely first.
///
/// Source: kling-api sheet 2.8, 2.12, 4, 6 and 9 (2026-11-22), from the answers that users of the API quote.
const KNOWN: &[(&str, &[&str])] = &[
    ("not supported with image_tail", &["image_tail", "mode", "model_name", "duration"]),
    ("not supported with sound", &["sound", "mode", "model_name"]),
    ("image can not be null", &["image"]),
    ("valid base64 format", &["image", "image_tail", "static_mask", "dynamic_masks"]),
    ("incorrect base64 format", &["image", "image_tail", "static_mask", "dynamic_masks"]),
    ("image pixel is invalid", &["image", "image_tail"]),
    ("risk control", &["prompt", "multi_prompt", "negative_prompt", "image", "image_tail"]),
];

/// Body fields by the names that the service has for them: Kling's own, and the Java names that its checks print.
const NAMES: &[(&str, &str)] = &[
    ("model_name", "model_name"),
    ("modelname", "model_name"),
    ("model", "model_name"),
    ("image_tail", "image_tail"),
    ("imagetail", "image_tail"),
    ("image", "image"),
    ("prompt", "prompt"),
    ("negative_prompt", "negative_prompt"),
    ("negativeprompt", "negative_prompt"),
    ("voice_list", "voice_list"),
    ("voicelist", "voice_list"),
    ("voice", "voice_list"),
    ("sound", "sound"),
    ("cfg_scale", "cfg_scale"),
    ("cfgscale", "cfg_scale"),
    ("mode", "mode"),
    ("static_mask", "static_mask"),
    ("staticmask", "static_mask"),
    ("dynamic_masks", "dynamic_masks"),
    ("dynamicmasks", "dynamic_masks"),
    ("multi_shot", "multi_shot"),
    ("multishot", "multi_shot"),
    ("shot_type", "shot_type"),
    ("shottype", "shot_type"),
    ("multi_prompt", "multi_prompt"),
    ("multiprompt", "multi_prompt"),
    ("camera_control", "camera_control"),
    ("cameracontrol", "camera_control"),
    ("duration", "duration"),
    ("watermark_info", "watermark_info"),
    ("watermarkinfo", "watermark_info"),
];

/// The body fields that a refusal is about, the likeliest first, none twice: `image_tail`, or `multi_prompt[2].prompt` where the
/// text names one entry of a list. Empty where it names none.
pub fn blamed_fields(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    if let Some((_, fields)) = KNOWN.iter().find(|(part, _)| lower.contains(part)) {
        return fields.iter().map(|field| (*field).to_owned()).collect();
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found: Vec<String> = Vec::new();
    let mut end = 0;
    while let Some(gap) = lower[end..].find(is_name) {
        let start = end + gap;
        end = lower[start..].find(|c| !is_name(c)).map_or(lower.len(), |length| start + length);
        // `multiPrompt[0].prompt` is about that entry and not about the shot's own prompt.
        if lower[..start].ends_with("].") {
            continue;
        }
        let Some((_, field)) = NAMES.iter().find(|(name, _)| *name == &lower[start..end]) else {
            continue;
        };
        let name = match entry(&lower[end..]) {
            Some((number, part)) => format!("{field}[{number}]{part}"),
            None => (*field).to_owned(),
        };
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The `7` and the `.prompt` of a text that begins with `[7].prompt`; the part may be empty.
fn entry(text: &str) -> Option<(u8, &str)> {
    let (number, rest) = text.strip_prefix('[')?.split_once(']')?;
    let part = match rest.strip_prefix('.') {
        Some(name) => &rest[..=name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len())],
        None => "",
    };
    Some((number.parse().ok()?, if part.len() > 1 { part } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_fields() {
        let cases: &[(&str, &[&str])] = &[
            (
                "model/mode/duration(kling-v2-5-turbo/std/5) is not supported with image_tail",
                &["image_tail", "mode", "model_name", "duration"],
            ),
            ("model/mode(kling-v2-6/std) is not supported with sound on", &["sound", "mode", "model_name"]),
            ("prompt: size must be between 0 and 2500", &["prompt"]),
            ("negativePrompt: size must be between 0 and 2500", &["negative_prompt"]),
            ("multiPrompt[3].prompt: size must be between 0 and 512", &["multi_prompt[3].prompt"]),
            ("File is not in a valid base64 format", &["image", "image_tail", "static_mask", "dynamic_masks"]),
            ("Image pixel is invalid", &["image", "image_tail"]),
            ("cfg_scale value '2' is invalid", &["cfg_scale"]),
            (
                "Failure to pass the risk control system",
                &["prompt", "multi_prompt", "negative_prompt", "image", "image_tail"],
            ),
            ("the moon is not supported", &[]),
            ("image[99999999999999999999].x", &["image"]),
            ("[].[", &[]),
            ("multiPrompt[0].", &["multi_prompt[0]"]),
            ("multiPrompt[0] duration", &["multi_prompt[0]", "duration"]),
        ];
        for (text, fields) in cases {
            assert_eq!(blamed_fields(text), *fields, "{text}");
        }
    }
}
