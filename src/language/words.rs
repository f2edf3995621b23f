//! Other people's words: what other tools, services and shot lists call the things that this language has. Data, read by the
//! schema check (`unknown-field`, `invalid-value`, `wrong-type`) and by `import`.

use std::collections::HashMap;
use std::sync::LazyLock;

use Level::{Brush, Camera, Cast, Config, Cut, Film, Line, Scene, Settings, Shot};

/// Where a word was written: each level has its own meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// The top of a storyboard.
    Film,
    /// `defaults`, of the film or a scene.
    Settings,
    /// A scene.
    Scene,
    /// A shot.
    Shot,
    /// A cut.
    Cut,
    /// An entry of `cast`.
    Cast,
    /// A spoken line with a `text`.
    Line,
    /// `camera` as fields.
    Camera,
    /// `brush`, or one of its moves.
    Brush,
    /// `[target]` of the config.
    Config,
}

/// The meaning of a foreign word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Our field of another name: its value is written the same way.
    Field(&'static str),
    /// Our field, whose value is written another way; says how.
    Elsewhere(&'static str, &'static str),
    /// Something that Kling's image-to-video request does not have; says why.
    Nothing(&'static str),
}

impl Meaning {
    /// The field of ours that is meant.
    pub fn field(self) -> Option<&'static str> {
        match self {
            Meaning::Field(field) | Meaning::Elsewhere(field, _) => Some(field),
            Meaning::Nothing(_) => None,
        }
    }
}

type Row = (&'static [Level], Meaning, &'static [&'static str]);

const ANY: &[Level] = &[Film, Settings, Scene, Shot, Cut];
const SETTINGS: &[Level] = &[Settings, Shot];
const SHOT: &[Level] = &[Shot];

const IN_LINES: &str = "what is said goes into `lines`, one line for each speaker: `- mara: Mind the rope.` Each speaker, a narrator too, \
                        has an entry in `cast`";
const IN_PROMPT_OR_NOTES: &str =
    "write it into `prompt` if the clip should show it; a remark of your own goes into `notes`, which is never sent";
const NO_SIZE: &str =
    "the clip has the proportions of its first frame, and `mode` sets the resolution: `std` is 720p, `pro` is 1080p";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    (SETTINGS, Meaning::Field("first_frame"), &["image", "image_url", "image_path", "start_frame", "start_image", "input_image", "init_image", "img", "img_url", "still", "keyframe", "frame", "picture", "first_image", "first_frame_url", "first_frame_image", "start_image_url", "source_image", "reference_image", "photo"]),
    (SHOT, Meaning::Field("last_frame"), &["image_tail", "end_image", "tail_image_url", "tail_image", "end_frame", "last_image", "end_image_url", "final_frame", "last_frame_url", "last_frame_image"]),
    (SETTINGS, Meaning::Field("model"), &["model_name", "model_id", "engine", "model_version"]),
    (SETTINGS, Meaning::Field("mode"), &["quality", "tier", "resolution"]),
    (SETTINGS, Meaning::Field("duration"), &["length", "seconds", "secs", "duration_seconds", "duration_sec", "duration_secs", "duration_s", "time", "clip_length", "clip_duration"]),
    (SETTINGS, Meaning::Field("negative_prompt"), &["negative", "negatives", "avoid", "never", "prompt_negative", "neg_prompt", "neg", "exclude"]),
    (SETTINGS, Meaning::Field("sound"), &["audio", "generate_audio", "with_audio", "enable_audio", "has_audio"]),
    (SETTINGS, Meaning::Field("cfg_scale"), &["cfg", "guidance", "guidance_scale"]),
    (SETTINGS, Meaning::Field("camera"), &["camera_movement", "camera_motion", "motion", "movement", "move", "camera_move", "camera_work"]),
    (SETTINGS, Meaning::Elsewhere("camera", "write `camera: { zoom: 5 }` for one axis, `camera: { preset: forward_up }` for a ready-made move, or the move in words"), &["camera_control"]),
    (SETTINGS, Meaning::Field("style"), &["styles", "style_prefix", "grade", "look", "style_preset", "aesthetic"]),
    (SETTINGS, Meaning::Elsewhere("watermark", "write `watermark: true` or `watermark: false`"), &["watermark_info"]),
    (SETTINGS, Meaning::Nothing("Kling takes no seed here: each take is different"), &["seed", "random_seed"]),
    (SETTINGS, Meaning::Nothing(NO_SIZE), &["aspect_ratio", "ratio", "width", "height", "size"]),
    (SETTINGS, Meaning::Nothing("the model decides the frame rate"), &["fps", "frame_rate"]),
    (SETTINGS, Meaning::Nothing("one shot is one clip: write another shot for another take"), &["n", "num_outputs", "batch_size", "takes"]),
    (SETTINGS, Meaning::Nothing("Kling has no loops here; the same picture as `first_frame` and `last_frame` comes close"), &["loop"]),
    (SETTINGS, Meaning::Nothing("Kling has no strength here; `cfg_scale` says how closely the clip keeps to the prompt"), &["strength", "image_strength", "denoise"]),
    (&[Shot, Cut], Meaning::Field("prompt"), &["description", "text", "action", "visual", "visuals", "visual_prompt", "video_prompt", "motion_prompt", "image_prompt", "video", "shot", "desc", "prompt_text", "scene_description", "caption_prompt"]),
    (SHOT, Meaning::Elsewhere("lines", IN_LINES), &["dialogue", "dialogues", "dialog", "speech", "vo", "voice_over", "narration", "narrator", "quote", "quotes", "spoken", "speaker", "says", "script", "line"]),
    (SHOT, Meaning::Elsewhere("voices", "write `lines` for what is said, or `voices: [mara]` with `<<<voice_1>>>` in the prompt"), &["voice_list", "voice_ids", "voice"]),
    (SHOT, Meaning::Elsewhere("cuts", "write `cuts` as a list, each cut with its `duration` and its `prompt`"), &["multi_prompt", "multi_shot", "multi_shots", "segments", "shots", "beats", "sub_shots"]),
    (SHOT, Meaning::Elsewhere("brush", "write `brush` with `still: mask.png` for what keeps still, and `move` for what moves along a `path`"), &["dynamic_masks", "static_mask", "motion_brush"]),
    (SHOT, Meaning::Field("id"), &["name", "title", "shot_id", "slug", "number", "shot_name", "shot_number", "clip_id", "shot_no"]),
    (SHOT, Meaning::Field("skip"), &["disabled", "omit", "ignore", "draft"]),
    (SHOT, Meaning::Field("use"), &["trim", "in_out", "use_seconds"]),
    (SHOT, Meaning::Elsewhere("prompt", "name the cast members in the prompt, as in `$mara`: their looks come along"), &["characters", "actors", "people", "talent", "cast", "subjects"]),
    (ANY, Meaning::Field("notes"), &["note", "comment", "comments", "remark", "remarks", "todo", "director_notes", "directors_notes", "memo"]),
    (&[Settings, Scene, Shot, Cut], Meaning::Elsewhere("notes", IN_PROMPT_OR_NOTES), &["sfx", "music", "overlay", "caption", "captions", "subtitle", "transition", "lighting", "light", "mood", "weather", "framing", "angle", "lens", "names", "choice", "hook"]),
    (&[Settings, Shot, Cut], Meaning::Elsewhere("notes", IN_PROMPT_OR_NOTES), &["location", "setting", "shot_size", "shot_type"]),
    (&[Cut], Meaning::Field("duration"), &["length", "seconds", "secs", "duration_seconds", "duration_sec", "time"]),
    (&[Cut], Meaning::Field("style"), &["styles", "look", "grade"]),
    (&[Cut], Meaning::Nothing("cuts have no name or number: they come in the order in which they are written"), &["index", "id", "number", "name"]),
    (&[Cut], Meaning::Nothing("a cut has no picture, sound, camera or voice of its own: write it on the shot, or make a shot of the cut"), &["first_frame", "last_frame", "image", "camera", "sound", "lines", "voices", "brush", "model", "mode", "cfg_scale", "negative_prompt"]),
    (&[Film], Meaning::Field("cast"), &["characters", "actors", "people", "talent", "persons", "personas"]),
    (&[Film], Meaning::Field("styles"), &["looks", "style_presets", "grades"]),
    (&[Film], Meaning::Field("shots"), &["clips", "frames", "panels", "boards", "segments", "storyboards", "beats"]),
    (&[Film], Meaning::Field("scenes"), &["sequences", "acts"]),
    (&[Film], Meaning::Field("title"), &["name", "film", "project", "movie", "heading"]),
    (&[Film], Meaning::Field("extends"), &["bible", "base", "include", "includes", "inherit", "inherits", "parent", "import"]),
    (&[Film], Meaning::Field("defaults"), &["settings", "default", "globals", "global", "common"]),
    (&[Film], Meaning::Field("storyboard"), &["version", "schema_version"]),
    (&[Film], Meaning::Elsewhere("budget", "write `budget: { clips: 6, seconds: 45, units: 40 }`, with one or more of the three"), &["max_cost", "limit", "limits", "cost", "price"]),
    (&[Film], Meaning::Elsewhere("defaults", "put what holds for every shot into `defaults`"), &["model", "mode", "duration", "sound", "style", "negative_prompt", "camera", "first_frame", "image", "negative", "cfg_scale", "watermark", "model_name", "resolution", "quality", "length", "look"]),
    (&[Film], Meaning::Nothing(NO_SIZE), &["aspect_ratio", "ratio", "width", "height", "size"]),
    (&[Film], Meaning::Nothing("Kling takes no seed here: each take is different"), &["seed"]),
    (&[Film], Meaning::Nothing("the model decides the frame rate"), &["fps", "frame_rate"]),
    (&[Scene], Meaning::Field("id"), &["name", "scene_id", "slug", "number", "scene_number"]),
    (&[Scene], Meaning::Field("heading"), &["title", "slugline", "location", "setting", "scene_heading"]),
    (&[Scene], Meaning::Field("shots"), &["clips", "frames", "panels", "segments", "beats"]),
    (&[Scene], Meaning::Field("defaults"), &["settings", "default"]),
    (&[Scene], Meaning::Elsewhere("defaults", "put what holds for all shots of the scene into its `defaults`"), &["model", "mode", "duration", "sound", "style", "styles", "look", "negative_prompt", "camera", "first_frame", "image"]),
    (&[Scene], Meaning::Field("notes"), &["description", "summary", "synopsis", "text"]),
    (&[Cast], Meaning::Field("look"), &["description", "appearance", "desc", "visual", "prompt", "style", "looks", "text"]),
    (&[Cast], Meaning::Field("name"), &["display_name", "label", "title", "full_name", "character"]),
    (&[Cast], Meaning::Field("voice"), &["voice_id", "speaker"]),
    (&[Cast], Meaning::Field("notes"), &["note", "comment", "comments", "remarks", "todo"]),
    (&[Cast], Meaning::Elsewhere("notes", "a cast member is words and a voice; pictures belong to shots, as `first_frame`. A remark goes into `notes`"), &["image", "reference_image", "images", "picture", "photo", "first_frame", "age", "gender", "role", "actor"]),
    (&[Line], Meaning::Field("text"), &["line", "says", "dialogue", "speech", "spoken", "words"]),
    (&[Line], Meaning::Field("manner"), &["direction", "parenthetical", "tone", "emotion", "delivery", "how", "style"]),
    (&[Camera], Meaning::Elsewhere("preset", "write `camera: { zoom: 5 }` for one axis, or `camera: { preset: forward_up }` for a ready-made move"), &["type", "config", "camera_control", "simple"]),
    (&[Camera], Meaning::Field("zoom"), &["zoom_in", "zoom_out", "dolly"]),
    (&[Brush], Meaning::Field("still"), &["static_mask", "static"]),
    (&[Brush], Meaning::Elsewhere("move", "write `move` as a list of `mask` and `path`"), &["dynamic_masks", "dynamic", "moves", "masks"]),
    (&[Brush], Meaning::Elsewhere("path", "write `path` as a list of points `[x, y]`"), &["trajectories", "trajectory", "points"]),
    (&[Config], Meaning::Elsewhere("api_key_env", "never write a key into a file: `api_key_env` names the environment variable that has it"), &["api_key", "key", "token", "secret", "password"]),
    (&[Config], Meaning::Field("base_url"), &["url", "host", "endpoint", "api_base", "api_url", "server", "base"]),
];

/// A word without case, `_`, `-` and spaces: `imageTail`, `image-tail` and `IMAGE_TAIL` are one.
pub fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The meaning of `word` at `level`.
pub fn meaning(level: Level, word: &str) -> Option<Meaning> {
    static BY_WORD: LazyLock<HashMap<(Level, String), Meaning>> = LazyLock::new(|| {
        let words = TABLE.iter().flat_map(|(levels, meaning, words)| {
            levels.iter().flat_map(|level| words.iter().map(|word| ((*level, fold(word)), *meaning)))
        });
        // The first row that has a word counts.
        words.collect::<Vec<_>>().into_iter().rev().collect()
    });
    // No word of the table is so long.
    if word.len() > 64 {
        return None;
    }
    BY_WORD.get(&(level, fold(word))).copied()
}

/// Every word of the table at its levels; for tests and for tables of shots.
pub fn all() -> impl Iterator<Item = (Level, &'static str, Meaning)> {
    TABLE.iter().flat_map(|(levels, meaning, words)| {
        levels.iter().flat_map(|level| words.iter().map(|word| (*level, *word, *meaning)))
    })
}

#[rustfmt::skip]
const VALUES: &[(&str, &str, &[&str])] = &[
    ("mode", "std", &["standard", "720p", "720", "normal", "basic", "hd720"]),
    ("mode", "pro", &["professional", "high", "1080p", "1080", "hd", "fullhd", "fhd", "hq", "highquality"]),
    ("mode", "4k", &["2160p", "uhd", "ultrahd", "ultra"]),
    ("sound", "on", &["yes", "y", "true", "1", "enabled", "enable", "audio"]),
    ("sound", "off", &["no", "n", "false", "0", "none", "silent", "mute", "muted", "disabled", "disable"]),
];

/// Our word for the value `written` of a field.
pub fn value(field: &str, written: &str) -> Option<&'static str> {
    if written.len() > 64 {
        return None;
    }
    let folded = fold(written);
    VALUES.iter().find(|(of, _, words)| *of == field && words.contains(&&*folded)).map(|(_, ours, _)| *ours)
}

/// English words that are one or two letters from a field of ours and mean something else: no slip of the pen.
pub const OF_THEIR_OWN: &[&str] = &[
    "banner", "book", "bound", "cards", "case", "cash", "cats", "choice", "choices", "code", "codes", "cook", "cool",
    "cost", "crush", "cues", "dates", "faces", "fines", "found", "ground", "hook", "hooks", "hound", "lanes",
    "leading", "likes", "links", "lives", "lock", "loops", "lots", "mines", "moods", "mound", "names", "node", "nodes",
    "nouns", "pages", "pines", "places", "plots", "pound", "props", "reading", "round", "rules", "scents", "shoes",
    "shops", "shorts", "shows", "slots", "spots", "tile", "tiles", "times", "tools", "tunes", "user", "users", "vines",
    "votes", "wound",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for word in ["image_tail", "imageTail", "Image-Tail", "IMAGE TAIL"] {
            assert_eq!(meaning(Shot, word), Some(Meaning::Field("last_frame")), "{word}");
        }
        assert_eq!(meaning(Film, "image_tail"), None);
        assert_eq!(value("mode", "1080P"), Some("pro"));
        assert_eq!(value("sound", "1080p"), None);
    }

    #[test]
    fn a_word_means_one_thing_at_its_level() {
        let mut seen = HashMap::new();
        for (level, word, meaning) in all() {
            if let Some(other) = seen.insert((level, fold(word)), meaning) {
                panic!("`{word}` at {level:?} is {meaning:?} and {other:?}");
            }
        }
    }
}
