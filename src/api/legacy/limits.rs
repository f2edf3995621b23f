/// The most UTF-16 units of `prompt` and of `negative_prompt`. Kling's image-to-video page (read 2026) says 2,500
/// characters; its refusals, `size must be between 0 and 2500`, have the words of a check that counts UTF-16 units.
pub const PROMPT_UNITS: usize = 2_500;
/// The most UTF-16 units of a cut's prompt. Same sources.
pub const CUT_PROMPT_UNITS: usize = 512;
/// The most bytes of a picture: "10 MB" on Kling's page, read the strict way.
pub const PICTURE_BYTES: u64 = 10_000_000;
/// The most different voices in one clip.
pub const VOICES: usize = 2;
