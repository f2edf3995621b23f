//! Limits that hold for every model.

/// The most UTF-16 units of `prompt` and of `negative_prompt`. Kling's image-to-video page (read 2026) says 2,500
/// characters; its refusals, `size must be between 0 and 2500`, have the words of a check that counts UTF-16 units.
pub const PROMPT_UNITS: usize = 2_500;
/// The most UTF-16 units of a cut's prompt. Same sources.
pub const CUT_PROMPT_UNITS: usize = 512;
/// The most bytes of a picture: "10 MB" on Kling's page, read the strict way.
pub const PICTURE_BYTES: u64 = 10_000_000;
/// The fewest pixels of a frame's side. Smaller ones are accepted, then fail with `Image pixel is invalid`.
pub const FRAME_SIDE: usize = 300;
/// The longest side over the shortest, at most: 1:2.5 to 2.5:1.
pub const FRAME_RATIO: f64 = 2.5;
/// The most different voices in one clip.
pub const VOICES: usize = 2;
/// How far a mask's proportions may be from the first frame's. Kling asks for the same; 1 % allows for rounding.
pub const MASK_RATIO_TOLERANCE: f64 = 0.01;
/// A clip's length where none is written, in seconds.
pub const DEFAULT_SECONDS: i64 = 5;

/// The fields of a request body that the language produces, in the order in which they are sent.
pub const BODY_FIELDS: &[&str] = &[
    "model_name",
    "image",
    "image_tail",
    "prompt",
    "negative_prompt",
    "voice_list",
    "sound",
    "cfg_scale",
    "mode",
    "static_mask",
    "multi_shot",
    "shot_type",
    "multi_prompt",
    "dynamic_masks",
    "camera_control",
    "duration",
    "watermark_info",
];
/// The field that `submit` adds where the target knows it.
pub const EXTERNAL_TASK_ID: &str = "external_task_id";
