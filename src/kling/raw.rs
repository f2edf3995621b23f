//! Request fields of Kling's that the storyboard language has no word for: what may be written under `kling`.

/// A field that is passed on as it is written.
#[derive(Clone, Copy, Debug)]
pub struct RawField {
    /// Its name in the request.
    pub name: &'static str,
    /// Its effect.
    pub about: &'static str,
}

/// The fields, by Kling's page on image-to-video (2026-10-04). None of them changes the price.
pub const RAW_FIELDS: &[RawField] = &[
    RawField { name: "callback_url", about: "an address that Kling calls whenever the task's state changes" },
    RawField { name: "element_list", about: "up to three elements from Kling's element library, `kling-v3` only" },
];

/// Whether Kling knows a raw field, and it costs nothing.
pub fn is_free(name: &str) -> bool {
    RAW_FIELDS.iter().any(|field| field.name == name)
}
