use crate::api::Limits;

/// The limit on Kling's image-to-video page (read 2026). Its texts have "2,500 characters"; its refusals, `size must be between 0 and
/// 2500`, have the words of a check that counts UTF-16 units. A picture has "10 MB", read the strict way.
pub(super) const LIMITS: Limits = Limits {
    prompt_units: 2_500,
    cut_units: 512,
    negative_units: 2_500,
    picture_bytes: 10_000_000,
    voices: 2,
    elements: 3,
};
