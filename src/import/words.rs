//! The meaning of the fields of requests and the columns of tables: the language's table of other people's words, and in addition
//! what only an import meets. Found without regard to case, `_`, `-`, spaces and camelCase.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::language::words::{self as language, Level, Meaning};

/// The meaning of a field of a request or a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Id,
    Scene,
    Model,
    Version,
    Mode,
    Duration,
    Use,
    Sound,
    CfgScale,
    FirstFrame,
    LastFrame,
    Prompt,
    NegativePrompt,
    Lines,
    Speaker,
    Manner,
    Voices,
    MultiShot,
    ShotType,
    Cuts,
    CameraControl,
    Camera,
    StaticMask,
    DynamicMasks,
    Watermark,
    Style,
    Skip,
    Notes,
    /// A field of Kling's own that the language has no word for: it goes under `kling` by this name.
    Raw(&'static str),
    TaskId,
    /// Kling has no such thing here, and why.
    Nowhere(&'static str),
}

impl Place {
    /// Its name in the language; or where it goes instead.
    pub fn field(self) -> &'static str {
        match self {
            Place::Id => "id",
            Place::Scene => "scenes",
            Place::Model | Place::Version => "model",
            Place::Mode => "mode",
            Place::Duration => "duration",
            Place::Use => "use",
            Place::Sound => "sound",
            Place::CfgScale => "cfg_scale",
            Place::FirstFrame => "first_frame",
            Place::LastFrame => "last_frame",
            Place::Prompt => "prompt",
            Place::NegativePrompt => "negative_prompt",
            Place::Lines | Place::Speaker | Place::Manner => "lines",
            Place::Voices => "voices",
            Place::MultiShot | Place::ShotType | Place::Cuts => "cuts",
            Place::CameraControl | Place::Camera => "camera",
            Place::StaticMask | Place::DynamicMasks => "brush",
            Place::Watermark => "watermark",
            Place::Style => "style",
            Place::Skip => "skip",
            Place::Raw(name) => name,
            Place::Notes | Place::TaskId | Place::Nowhere(_) => "notes",
        }
    }
}

/// Kling's own names on this endpoint, which are read without a word, and the language's.
const OWN: &[(&str, Place)] = &[
    ("model_name", Place::Model),
    ("image", Place::FirstFrame),
    ("image_tail", Place::LastFrame),
    ("prompt", Place::Prompt),
    ("negative_prompt", Place::NegativePrompt),
    ("voice_list", Place::Voices),
    ("sound", Place::Sound),
    ("cfg_scale", Place::CfgScale),
    ("mode", Place::Mode),
    ("static_mask", Place::StaticMask),
    ("multi_shot", Place::MultiShot),
    ("shot_type", Place::ShotType),
    ("multi_prompt", Place::Cuts),
    ("dynamic_masks", Place::DynamicMasks),
    ("camera_control", Place::CameraControl),
    ("duration", Place::Duration),
    ("watermark_info", Place::Watermark),
    ("callback_url", Place::Raw("callback_url")),
    ("element_list", Place::Raw("element_list")),
    ("external_task_id", Place::TaskId),
    // The language's own, as its tables have them.
    ("id", Place::Id),
    ("model", Place::Model),
    ("first_frame", Place::FirstFrame),
    ("last_frame", Place::LastFrame),
    ("lines", Place::Lines),
    ("camera", Place::Camera),
    ("style", Place::Style),
    ("use", Place::Use),
    ("skip", Place::Skip),
    ("notes", Place::Notes),
    ("watermark", Place::Watermark),
    ("voices", Place::Voices),
    ("cuts", Place::Cuts),
];

/// Words of services, exports and tables that nobody writes into a storyboard; the language's own table has the rest.
#[rustfmt::skip]
const OTHERS: &[(Place, &[&str])] = &[
    (Place::FirstFrame, &["image_urls", "images", "image_file", "image_base64", "start_frame_url", "start_img", "first_image_url", "first_frame_path", "first_frame_image_url", "input_image_url", "image_start", "prompt_image", "reference_frame", "input_urls"]),
    (Place::LastFrame, &["image_tail_url", "tail_frame", "end_img", "end_frame_url", "end_keyframe", "image_end", "last_image_url", "last_frame_path"]),
    (Place::Version, &["version", "model_version", "mv", "endpoint", "app_id", "application"]),
    (Place::Prompt, &["actions", "visual_description", "positive_prompt", "text_prompt", "shot_description", "what_happens", "content"]),
    (Place::Duration, &["sec", "duration_in_seconds", "durations", "video_length", "video_duration", "shot_duration", "length_sec", "length_s", "length_seconds", "dur", "runtime"]),
    (Place::Mode, &["video_quality", "quality_mode", "video_mode"]),
    (Place::Sound, &["native_audio", "enable_sound", "generate_sound", "with_sound", "sound_on"]),
    (Place::CfgScale, &["cfg_value"]),
    (Place::Lines, &["dialogs", "dialogue_lines"]),
    (Place::Speaker, &["speaker", "character", "characters", "who", "actor", "actors", "talent", "people", "cast"]),
    (Place::Manner, &["manner", "delivery", "parenthetical", "tone_of_voice"]),
    (Place::Voices, &["voice_ids", "voice_id"]),
    (Place::MultiShot, &["multi_shots", "is_multi_shot"]),
    (Place::Cuts, &["multi_prompts", "segments", "shots", "beats", "sub_shots"]),
    (Place::CameraControl, &["camera_json"]),
    (Place::Camera, &["camera_moves", "camera_angle", "camera_direction", "shot_size", "framing", "angle", "lens", "size_of_shot", "composition"]),
    (Place::Watermark, &["watermark_enabled", "enable_watermark", "add_watermark", "with_watermark"]),
    (Place::Style, &["visual_style", "style_prompt"]),
    (Place::Id, &["shot_nr", "shot_num", "shot_code", "clip_name", "num", "no", "nr", "#", "id_shot", "index", "clip"]),
    (Place::Scene, &["scene", "scene_id", "scene_number", "scene_no", "scene_nr", "scene_name", "scene_heading", "scene_title", "sc", "heading", "sequence", "slugline"]),
    (Place::Notes, &["sound_effects", "transitions", "props", "wardrobe"]),
    (Place::Skip, &["omitted"]),
    (Place::Raw("callback_url"), &["callback", "webhook_url", "webhook", "notify_hook", "notify_url"]),
    (Place::Nowhere("one request makes one clip"), &["num_videos", "number_of_videos"]),
    (Place::Nowhere("the clip has the proportions of its first frame"), &["aspect"]),
    (Place::Nowhere("Kling's image-to-video has no such field"), &["steps", "enhance_prompt", "prompt_optimizer"]),
];

/// Groups in which other services and tools put the fields of a request.
const WRAPPERS: &[&str] = &[
    "input",
    "inputs",
    "config",
    "metadata",
    "parameters",
    "params",
    "payload",
    "settings",
    "options",
    "data",
    "body",
    "request",
    "args",
    "arguments",
    "json",
    "extra_body",
    "provider_options",
    "service_options",
    "kling",
    "klingai",
    "klingai_options",
    "video",
    "video_params",
    "generation",
    "req",
    "post",
    "form",
    "body_parameters",
];

/// Names of what must not be copied: keys and what logs in.
const SECRETS: &[&str] = &[
    "accesskey",
    "secretkey",
    "apikey",
    "authorization",
    "xapikey",
    "token",
    "bearer",
    "password",
    "accesstoken",
    "authtoken",
    "apitoken",
    "secret",
    "apisecret",
    "clientsecret",
    "accesskeyid",
    "accesskeysecret",
    "ak",
    "sk",
    "cookie",
    "setcookie",
    "proxyauthorization",
    "xgoogapikey",
    "xfalkey",
    "passwd",
    "jwt",
    "credentials",
];

/// A word as the table has it: lower case, letters, digits and `#` alone; what is in brackets after it is passed over.
pub(super) fn normal(word: &str) -> String {
    let word = word.split(['(', '[']).next().filter(|head| !head.trim().is_empty()).unwrap_or(word);
    word.chars().filter(|c| c.is_alphanumeric() || *c == '#').flat_map(char::to_lowercase).collect()
}

/// Whether a name is one that nobody has but Kling's image-to-video.
pub(super) fn is_kling(name: &str) -> bool {
    const KLING: &[&str] = &[
        "model_name",
        "image",
        "image_tail",
        "mode",
        "cfg_scale",
        "multi_prompt",
        "voice_list",
        "watermark_info",
        "camera_control",
        "static_mask",
        "dynamic_masks",
        "external_task_id",
    ];
    KLING.contains(&name)
}

/// Whether a field is written just as Kling or the language writes it.
pub(super) fn own(name: &str) -> Option<Place> {
    OWN.iter().find(|(own, _)| *own == name).map(|(_, place)| *place)
}

/// The meaning of a word, in any tool.
pub(super) fn place(word: &str) -> Option<Place> {
    static PLACES: LazyLock<HashMap<String, Place>> = LazyLock::new(|| {
        let mut places = HashMap::new();
        let own = OWN.iter().map(|(word, place)| (*word, *place));
        let others = OTHERS.iter().flat_map(|(place, words)| words.iter().map(|word| (*word, *place)));
        for (word, place) in own.chain(others) {
            places.entry(normal(word)).or_insert(place);
        }
        places
    });
    let normal = normal(word);
    PLACES.get(&normal).copied().or_else(|| match language::meaning(Level::Shot, &normal)? {
        Meaning::Nothing(why) => Some(Place::Nowhere(why)),
        meaning => own(meaning.field()?),
    })
}

/// Whether a group of this name may hold the fields of a request.
pub(super) fn is_wrapper(name: &str) -> bool {
    let name = normal(name);
    WRAPPERS.iter().any(|wrapper| normal(wrapper) == name)
}

/// Whether a field or header of this name holds a key.
pub(super) fn is_secret(name: &str) -> bool {
    SECRETS.contains(&&*normal(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_they_are_written() {
        for word in ["image_tail", "imageTail", "Image Tail", "IMAGE-TAIL", "end_image", "endImageUrl"] {
            assert_eq!(place(word), Some(Place::LastFrame), "{word}");
        }
        assert_eq!(place("Duration (s)"), Some(Place::Duration));
        assert_eq!(place("Visual"), Some(Place::Prompt));
        assert!(matches!(place("aspectRatio"), Some(Place::Nowhere(_))));
        assert_eq!(place("#"), Some(Place::Id));
        assert_eq!(place("Regieanweisung"), None);
        assert!(is_secret("X-Api-Key") && is_secret("secretKey") && !is_secret("keyframe"));
    }

    #[test]
    fn no_word_is_in_the_table_twice() {
        let mut seen = std::collections::HashSet::new();
        for word in OTHERS.iter().flat_map(|(_, words)| *words) {
            assert!(seen.insert(normal(word)), "{word} is there twice");
        }
    }
}
