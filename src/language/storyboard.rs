//! The language, defined once. From these types come the JSON Schema (`schema.rs`), what `import`, `export` and `init` write, and
//! [`found`]: what is read off the spanned tree, of which `film.rs` makes a film. Doc comments here are what a writer reads on hover.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use super::mapping::mappings;
use crate::kling::{Axis, Mode, Model, Preset};

// No free text has an `example`: editors offer examples as values to insert, and nobody wants Mara in another film.

/// A storyboard for an AI film: each shot becomes one image-to-video request to Kling, one paid clip.
#[derive(Debug, Default, Clone, Serialize, JsonSchema)]
#[schemars(extend(
    "additionalProperties" = false,
    "patternProperties" = free_keys(),
    "if" = with("scenes"),
    "then" = without(&["shots"], "A film has either `scenes` or `shots`: move these shots into a scene.")
))]
pub struct Storyboard {
    /// The version of this language: always `1`.
    #[schemars(extend("const" = 1, "default" = 1))]
    pub storyboard: u8,
    /// The film's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A **bible**: another storyboard file whose `defaults`, `styles` and `cast` are taken over. A path relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Anything you like; never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Notes>,
    /// The most that the storyboard's shots may come to. `check` says when it is exceeded, `submit` refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Settings for every shot. A scene's defaults and a shot's own settings are nearer and win.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defaults: Option<Settings>,
    /// Reusable phrases, by name: what a shot's `style` names.
    #[schemars(
        with = "Option<IndexMap<String, Option<String>>>",
        extend("propertyNames" = name_rule(STYLE_NAME))
    )]
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub styles: IndexMap<String, String>,
    /// The people of the film, by the name that texts use: `$mara`.
    #[schemars(with = "Option<IndexMap<String, Option<CastMember>>>", extend("propertyNames" = name_rule(CAST_NAME)))]
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub cast: IndexMap<String, CastMember>,
    /// The film's scenes, in order. A film has either `scenes` or `shots`.
    #[schemars(with = "Option<Vec<Scene>>", length(min = 1))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenes: Vec<Scene>,
    /// The film's shots, in order, for a film without scenes.
    #[schemars(with = "Option<Vec<Shot>>", length(min = 1))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shots: Vec<Shot>,
}

mappings! {
    /// The most that the storyboard's shots may come to; shots with `skip: true` do not count.
    #[derive(Debug, Default, Clone, Serialize, JsonSchema)]
    #[schemars(inline, extend("additionalProperties" = false, "patternProperties" = free_keys()))]
    pub struct Budget {
        /// At most so many clips, that is paid requests.
        #[schemars(extend("exclusiveMinimum" = 0), example = 12)]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub clips: Option<u32>,
        /// At most so many bought seconds.
        #[schemars(extend("exclusiveMinimum" = 0), example = 60)]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub seconds: Option<u32>,
        /// At most so many Kling units by the price table; one unit is about US$0.14.
        #[schemars(extend("exclusiveMinimum" = 0), example = 40)]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub units: Option<f64>,
        /// At most so many Kling units over the film's life, every take counted: what the ledger says was spent, and what is bought next.
        /// `plan` and `submit` hold to it.
        #[schemars(extend("exclusiveMinimum" = 0), example = 120)]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub spend: Option<f64>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
    }

    /// One of the people in the film.
    #[derive(Debug, Default, Clone, Serialize, Deserialize, JsonSchema)]
    #[schemars(inline, extend("additionalProperties" = false, "patternProperties" = free_keys()))]
    pub struct CastMember {
        /// What the prompt says for `$name`. Without it: the key with its first letter in upper case, `-` and `_` as spaces.
        /// At most 2,500 characters, as many as a prompt has.
        #[schemars(length(max = 2500))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// How the person looks. Added to the prompt of every shot that names the person.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub look: Option<String>,
        /// Kling's voice id, **in quotes**: its 18 digits do not survive as a number.
        #[schemars(extend("errorMessage" = "A voice id is text: put its digits in quotes, \"829877809978941442\"."))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub voice: Option<String>,
        /// The id of an element that Kling has of the person, **in quotes**: its digits do not survive as a number. Where model and target
        /// know elements, `$name` becomes the element, and `look` is not sent.
        #[schemars(regex(pattern = "^[0-9]{1,19}$"), extend("errorMessage" = "An element id is digits as text: put it in quotes, \"829877809978941442\"."))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub element: Option<String>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
    }

    /// A scene: shots that belong together, with defaults of their own.
    #[derive(Debug, Default, Clone, Serialize, JsonSchema)]
    #[schemars(extend(
        "additionalProperties" = false,
        "patternProperties" = free_keys(),
        "defaultSnippets" = scene_snippets()
    ))]
    pub struct Scene {
        /// The scene's name, unique among scenes.
        #[schemars(length(max = 64), regex(pattern = ID), extend("errorMessage" = ID_RULE))]
        pub id: String,
        /// The scene heading.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub heading: Option<String>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
        /// Settings for the shots of this scene. They win over the film's defaults.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub defaults: Option<Settings>,
        /// The scene's shots, in order.
        #[schemars(length(min = 1))]
        pub shots: Vec<Shot>,
    }

    /// What may stand in `defaults` and on a shot alike.
    #[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[schemars(inline, extend("additionalProperties" = false, "patternProperties" = free_keys()))]
    pub struct Settings {
        /// The Kling model. It must be set on the shot or in some defaults.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub model: Option<Model>,
        /// The quality. Without it: `std`.
        #[schemars(extend("default" = "std"))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub mode: Option<Mode>,
        /// The clip's length in whole seconds; which lengths there are depends on the model. Without it: 5, or the sum of the cuts.
        #[schemars(extend("default" = 5))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub duration: Option<Seconds>,
        /// Whether the clip has sound: `on` or `off`. Not every model and mode supports it; it costs more.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub sound: Option<Sound>,
        /// How closely the clip keeps to the prompt, 0 to 1. Kling does not document it for most models.
        #[schemars(with = "Option<f64>", range(min = 0, max = 1), example = 0.5)]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub cfg_scale: Option<Number>,
        /// What must not appear, as a plain list: `blurry, captions`. A blank one switches an inherited one off.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub negative_prompt: Option<String>,
        /// Names from `styles`; their texts begin the prompt. Replaces the styles of farther defaults.
        #[schemars(length(max = 50), extend("errorMessage" = STYLE_RULE))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub style: Option<Vec<String>>,
        /// Names from `styles`, added to the styles of farther defaults.
        #[schemars(length(max = 50), extend("errorMessage" = STYLE_RULE))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub add_style: Option<Vec<String>>,
        /// The picture that the clip begins with: a path relative to this file, or an http(s) URL. PNG or JPEG, at most 10 MB, at least 300 pixels a side.
        #[schemars(with = "Option<Picture>")]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub first_frame: Option<String>,
        /// The camera, in words (every model), or as Kling's camera control on retired models: `{ zoom: 4 }`, `{ preset: forward_up }`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub camera: Option<Camera>,
        /// Whether Kling makes a watermarked copy too.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub watermark: Option<bool>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
    }

    /// One shot: one request to Kling, one paid clip.
    #[derive(Debug, Default, Clone, Serialize, Deserialize, JsonSchema)]
    #[schemars(extend(
        "additionalProperties" = false,
        "patternProperties" = free_keys(),
        "if" = with_list("cuts"),
        "then" = without(&["prompt", "lines", "last_frame"], "Not allowed with `cuts`: each cut has its own prompt."),
        "defaultSnippets" = shot_snippets()
    ))]
    pub struct Shot {
        /// The shot's name, unique in the film. It names the clip's file.
        #[schemars(length(max = 64), regex(pattern = ID), extend("errorMessage" = ID_RULE))]
        pub id: String,
        ..
        /// The settings, which may be in `defaults` too.
        pub settings: Settings,
        /// The picture that the clip ends with. Not every model has it, and most only in mode `pro`.
        #[schemars(with = "Option<Picture>")]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub last_frame: Option<String>,
        /// What happens. `$mara` becomes the cast member's name, and `$$` a dollar sign.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub prompt: Option<String>,
        /// Who says what, in order: `- mara: I swore a lot of things.` Needs `sound: on`. Who has no `voice` speaks too: the model chooses one.
        #[schemars(with = "Option<Vec<Line>>")]
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub lines: Vec<Line>,
        /// Cast members whose voices the prompt uses by Kling's own markers: the first is `<<<voice_1>>>`.
        #[schemars(with = "Option<Vec<String>>")]
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub voices: Vec<String>,
        /// The segments of one multi-shot clip, 1 to 6; or `auto`: Kling cuts the clip as it sees fit. Only models with cuts support them.
        #[schemars(with = "Option<Vec<Cut>>", length(min = 1, max = 6), extend("type" = ["array", "string"], "pattern" = "^auto$", "errorMessage" = "Cuts are a list, one `- { duration: 3, prompt: … }` for each, or `auto`."))]
        #[serde(skip_serializing_if = "Cuts::is_unwritten")]
        pub cuts: Cuts,
        /// What of the clip goes into the edit, in seconds: a number (from the start), or `[in, out]`. Never sent.
        #[schemars(with = "Option<Excerpt>")]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub r#use: Option<Excerpt>,
        /// The motion brush: what stays still, and what moves along which path. Only retired models support it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub brush: Option<Brush>,
        /// The shot is not to be made, or not yet: it is neither compiled nor counted, and needs no model and no frames.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub skip: Option<bool>,
        /// Fields that are sent to Kling as they are, for what this language does not know.
        #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
        #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
        pub kling: serde_json::Map<String, serde_json::Value>,
    }

    /// A segment of a multi-shot clip.
    #[derive(Debug, Default, Clone, Serialize, Deserialize, JsonSchema)]
    #[schemars(extend(
        "additionalProperties" = false,
        "patternProperties" = free_keys(),
        "defaultSnippets" = cut_snippets()
    ))]
    pub struct Cut {
        /// The segment's length in whole seconds, at least 1. The cuts together make the clip's length.
        #[schemars(extend("minimum" = 1, "pattern" = "^0*[1-9][0-9]*$"))]
        pub duration: Seconds,
        /// What happens in the segment; with styles and looks at most 512 characters.
        pub prompt: String,
        /// Styles for this segment in place of the shot's.
        #[schemars(length(max = 50), extend("errorMessage" = STYLE_RULE))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub style: Option<Vec<String>>,
        /// Styles for this segment in addition to the shot's.
        #[schemars(length(max = 50), extend("errorMessage" = STYLE_RULE))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub add_style: Option<Vec<String>>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
    }

    /// The motion brush.
    #[derive(Debug, Default, Clone, Serialize, Deserialize, JsonSchema)]
    #[schemars(inline, extend("additionalProperties" = false, "patternProperties" = free_keys()))]
    pub struct Brush {
        /// A mask: what is white in it keeps still. A path or URL.
        #[schemars(with = "Option<Picture>")]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub still: Option<String>,
        /// What moves, 1 to 6.
        #[schemars(with = "Option<Vec<Move>>", length(min = 1, max = 6))]
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub r#move: Vec<Move>,
        /// Where points are counted from. Without it: `top_left`.
        #[schemars(extend("default" = "top_left"))]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub origin: Option<Origin>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
    }

    /// Something that moves along a path.
    #[derive(Debug, Default, Clone, Serialize, Deserialize, JsonSchema)]
    #[schemars(inline, extend("additionalProperties" = false, "patternProperties" = free_keys()))]
    pub struct Move {
        /// A mask: what is white in it moves. A path or URL.
        #[schemars(with = "Picture")]
        pub mask: String,
        /// The path, 2 to 77 points `[x, y]` in pixels of the first frame.
        #[schemars(with = "Vec<Point>", length(min = 2, max = 77))]
        pub path: Vec<[i64; 2]>,
        /// Anything you like; never sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub notes: Option<Notes>,
    }
}

/// The cuts of a shot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cuts {
    /// As they are written, in order.
    List(Vec<Cut>),
    /// Those that Kling makes.
    Auto(AutoCuts),
}

crate::kling::choices! {
    /// The word for cuts that Kling makes.
    AutoCuts {
        /// Kling cuts the clip as it sees fit.
        Auto "auto",
    }
}

impl Cuts {
    fn is_unwritten(&self) -> bool {
        matches!(self, Cuts::List(cuts) if cuts.is_empty())
    }
}

impl Default for Cuts {
    fn default() -> Self {
        Cuts::List(Vec::new())
    }
}

impl std::ops::Deref for Cuts {
    type Target = [Cut];

    fn deref(&self) -> &[Cut] {
        match self {
            Cuts::List(cuts) => cuts,
            Cuts::Auto(_) => &[],
        }
    }
}

/// One spoken line: `speaker: text`, or `speaker: { text: …, manner: … }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline, extend("minProperties" = 1, "maxProperties" = 1), example = example_line())]
#[serde(transparent)]
pub struct Line(pub IndexMap<String, Spoken>);

/// What is said, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Spoken {
    /// The words alone.
    Text(String),
    /// The words, and how they are said.
    Directed {
        /// The words.
        text: String,
        /// How they are said: "in a whisper".
        #[serde(skip_serializing_if = "Option::is_none")]
        manner: Option<String>,
    },
}

impl JsonSchema for Spoken {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Spoken".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "object"],
            "properties": {
                "text": { "type": "string", "description": "The words that are spoken." },
                "manner": { "type": "string", "description": "How they are said: `in a whisper`, `off screen`." },
                "notes": { "description": "Anything you like; never sent." },
            },
            "required": ["text"],
            "additionalProperties": false,
            "patternProperties": free_keys(),
            "errorMessage": "A line is its words, `mara: I swore.`, or `mara: { text: I swore., manner: in a whisper }`.",
        })
    }
}

/// The part of a clip that goes into the edit, in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Excerpt {
    /// From the start, so many seconds.
    First(Number),
    /// From one second to another.
    Between([Number; 2]),
}

impl JsonSchema for Excerpt {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Excerpt".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["number", "array"],
            "items": { "type": "number" }, "minItems": 2, "maxItems": 2,
            "defaultSnippets": [
                { "label": "from the start", "description": "The first seconds of the clip.", "body": "${1:3.5}" },
                { "label": "in and out", "description": "From one second to another.", "body": ["${1:1}", "${2:4.5}"] },
            ],
            "errorMessage": "Seconds belong here: 3.5 from the start, or [1, 4.5] from in to out.",
        })
    }
}

impl JsonSchema for Model {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Model".into()
    }
    /// A place for the names, which `schema` fills in from the facts.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "x-models": true })
    }
}

/// A name's form, as a regular expression.
pub const ID: &str = "^[A-Za-z0-9][A-Za-z0-9_-]*$";
/// The form in words: VS Code's YAML extension shows an `errorMessage` in place of the expression or the type.
const ID_RULE: &str = "A name has letters, digits, `-` and `_`, and begins with a letter or digit: `harbour-010`.";
const STYLE_RULE: &str = "A list of names from `styles`: `[film, handheld]`.";
const STYLE_NAME: &str = ID;
pub(super) const CAST_NAME: &str = "^[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9_])?$";
/// A name's most characters.
pub const NAME_LENGTH: usize = 64;

fn name_rule(pattern: &str) -> serde_json::Value {
    serde_json::json!({ "pattern": pattern, "maxLength": NAME_LENGTH })
}

/// Keys that begin with `x-` are the writer's own.
fn free_keys() -> serde_json::Value {
    serde_json::json!({ "^x-": true })
}

/// Where `field` is written, and the shot is not skipped. Only editors read it and `without`: `check` has rules in their
/// place, which say more.
fn with(field: &str) -> serde_json::Value {
    let skipped = serde_json::json!({ "properties": { "skip": { "const": true } }, "required": ["skip"] });
    serde_json::json!({ "required": [field], "not": skipped })
}

/// As [`with`], where the field is a list.
fn with_list(field: &str) -> serde_json::Value {
    let mut condition = with(field);
    condition["properties"] = serde_json::json!({ field: { "type": "array" } });
    condition
}

/// None of `fields` may be written.
fn without(fields: &[&str], message: &str) -> serde_json::Value {
    let forbidden: serde_json::Map<_, _> = fields.iter().map(|field| ((*field).into(), false.into())).collect();
    serde_json::json!({ "properties": forbidden, "errorMessage": message })
}

fn scene_snippets() -> serde_json::Value {
    serde_json::json!([{
        "label": "scene",
        "description": "A scene with a first shot.",
        "body": {
            "id": "${1:scene}",
            "heading": "${2:EXT. HARBOUR - DAWN}",
            "shots": [{ "id": "${3:scene-010}", "first_frame": "${4:frames/first.png}", "prompt": "${5:She looks up.}" }],
        },
    }])
}

fn cut_snippets() -> serde_json::Value {
    serde_json::json!([{
        "label": "cut",
        "description": "A segment of the clip.",
        "body": { "duration": "${1:5}", "prompt": "${2:Close on her hands.}" },
    }])
}

/// What editors offer to write at once, with places to fill in.
fn shot_snippets() -> serde_json::Value {
    serde_json::json!([
        {
            "label": "shot",
            "description": "A shot with a first frame and a prompt.",
            "body": { "id": "${1:scene-010}", "first_frame": "${2:frames/first.png}", "prompt": "${3:She looks up.}" },
        },
        {
            "label": "shot with cuts",
            "description": "Several cuts in one clip.",
            "body": {
                "id": "${1:scene-010}",
                "model": "kling-v3",
                "first_frame": "${2:frames/first.png}",
                "cuts": [
                    { "duration": 5, "prompt": "${3:Close on her hands.}" },
                    { "duration": 5, "prompt": "${4:Over her shoulder.}" },
                ],
            },
        },
    ])
}

fn example_line() -> serde_json::Value {
    serde_json::json!({ "mara": "I swore a lot of things." })
}

crate::kling::choices! {
    /// Where the points of a brush's path are counted from.
    Origin {
        /// From the top left corner, y downwards, as paint programs do.
        TopLeft "top_left",
        /// From the bottom left corner, y upwards, as Kling does.
        BottomLeft "bottom_left",
    }
}

/// Whole seconds. Written as a number; digits in quotes are taken too.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seconds(pub i64);

impl JsonSchema for Seconds {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seconds".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["integer", "string"],
            "pattern": "^[0-9]+$",
            "errorMessage": "Whole seconds belong here: 5, or \"5\".",
            "examples": [5, 10],
        })
    }
}

/// Sound on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound(pub bool);

impl Serialize for Sound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0 { "on" } else { "off" })
    }
}

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match &*String::deserialize(deserializer)? {
            "on" => Ok(Sound(true)),
            "off" => Ok(Sound(false)),
            _ => Err(serde::de::Error::custom("`on` or `off` belongs here")),
        }
    }
}

impl JsonSchema for Sound {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sound".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["boolean", "string"],
            "enum": ["on", "off", true, false],
            "enumDescriptions": ["With sound.", "Silent.", "With sound.", "Silent."],
            "errorMessage": "`on` or `off` belongs here.",
        })
    }
}

/// A picture's place, for the schema: a relative path, or a URL that is http or https.
struct Picture;

impl JsonSchema for Picture {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Picture".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": PICTURE,
            "errorMessage": "A path from this file, or an address that begins with https://, belongs here.",
        })
    }
}

/// No URL scheme but http and https. (`data:` is let pass here: a rule of its own says what to do instead.)
pub const PICTURE: &str = r"^([Hh][Tt][Tt][Pp][Ss]?://|(?!(?![Dd][Aa][Tt][Aa]:)[A-Za-z][A-Za-z0-9+.-]*://))";

/// A point of a brush's path, for the schema.
struct Point;

impl JsonSchema for Point {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Point".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2,
            "description": "A point `[x, y]`, whole pixels of the first frame: `[620, 420]`.",
        })
    }
}

/// The writer's own remarks: any value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notes(pub serde_json::Value);

impl JsonSchema for Notes {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Notes".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}

/// The camera: words, or Kling's camera control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Camera {
    /// Words, added to the prompt.
    Words(String),
    /// `{ zoom: 4 }`
    Move(IndexMap<Axis, Number>),
    /// `{ preset: forward_up }`
    Preset {
        /// The move.
        preset: Preset,
    },
}

impl JsonSchema for Camera {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Camera".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = serde_json::Map::new();
        let axes = generator.subschema_for::<Axis>();
        for (index, axis) in Axis::ALL.iter().enumerate() {
            let meaning = axes.as_value()["oneOf"][index]["description"].clone();
            properties.insert(
                axis.as_str().into(),
                serde_json::json!({ "type": "number", "minimum": -10, "maximum": 10, "description": meaning }),
            );
        }
        properties.insert("preset".into(), generator.subschema_for::<Option<Preset>>().to_value());
        properties.insert("notes".into(), serde_json::json!({ "description": "Anything you like; never sent." }));
        json_schema!({
            "type": ["string", "object"],
            "properties": properties,
            "additionalProperties": false,
            "patternProperties": free_keys(),
            "defaultSnippets": [
                { "label": "in words", "description": "For every model.", "body": "${1:slow push in}" },
                { "label": "move along an axis", "description": "Only retired models.", "body": { "zoom": "${1:4}" } },
                { "label": "ready-made move", "description": "Only `kling-v1`.", "body": { "preset": "${1|forward_up,down_back,right_turn_forward,left_turn_forward|}" } },
            ],
        })
    }
}
