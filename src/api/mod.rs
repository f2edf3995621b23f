//! The APIs that take requests, one room each. A room holds everything that is one API's: path, body, limits, answers, and which words
//! of a refusal blame which field. The rest of the program knows [`Api`] and asks [`of`] for the one that a target speaks.

mod answers;
mod balance;
mod body;
mod errors;
mod evidence;
pub mod legacy;
mod new_api;
mod next;
mod request;
mod task;

use std::fmt::Debug;

pub use answers::{Created, Doubt, Looked, Refused, Sent};
pub use balance::Balance;
pub use body::{Body, Content, Pictures};
pub use errors::{ERRORS, KlingError, Meaning};
pub use evidence::is_task_id;
pub use request::{Request, SourceMap};
pub use task::{News, Task};

use crate::assets::Library;
use crate::clip::{Clip, Unbuildable};
use crate::kling::raw::RawField;
use crate::kling::{Model, Target};
use crate::text::Place;

/// One of Kling's APIs, as the rest of the program uses it.
pub trait Api: Debug + Sync {
    /// The request of a clip.
    ///
    /// # Errors
    /// A value is wrong, a picture is missing, or a text is too long: no request is made, whatever rules are silenced.
    fn request(&self, clip: &Clip<'_>, library: &Library) -> Result<Request, Unbuildable>;

    /// The path that requests for a model are posted to, below the base URL; `None` where it has no such model.
    fn path(&self, model: Model) -> Option<&'static str>;

    /// How much it takes, of texts and pictures.
    fn limits(&self, model: Option<Model>) -> Limits;

    /// The text that has the limit of a whole prompt, where it is over that limit; `None` too where the clip has no such text, or one
    /// that nobody could build.
    fn overlong_prompt(&self, clip: &Clip<'_>) -> Option<Overlong>;

    /// Texts that are sent differently from how they are written, or read differently from how they are meant.
    fn notes(&self, _clip: &Clip<'_>) -> Vec<Note> {
        Vec::new()
    }

    /// The storyboard's word for a field that the language produces; `None` for the one that `submit` sets.
    fn our_field(&self, field: &str) -> Option<&'static str>;

    /// The field that the language produces and that this one under `kling` would be sent in addition to.
    fn conflict(&self, name: &str, value: &serde_json::Value) -> Option<&'static str>;

    /// The fields that the language produces, for near misses.
    fn fields(&self) -> Vec<&'static str>;

    /// The fields that may be written under `kling`.
    fn raw_fields(&self) -> &'static [RawField];

    /// How many tasks can be asked for at once.
    fn tasks_at_once(&self) -> usize {
        1
    }

    /// The request for the state of tasks: at most [`tasks_at_once`](Api::tasks_at_once) of them.
    fn ask_for_tasks(&self, task_ids: &[&str]) -> Question;

    /// The request that asks whether the service has the attempt that was sent as `external_id`.
    fn ask_for_attempt(&self, external_id: &str) -> Question;

    /// The request for the account's balance, of the packs bought between two times in milliseconds since 1970. `None` where
    /// the API has no call for it.
    fn ask_for_balance(&self, _since: i64, _until: i64) -> Option<Question> {
        None
    }

    /// Reads the answer to the question for the balance.
    ///
    /// # Errors
    /// The answer is a refusal, or not one that can be read: why.
    fn balance(&self, http: u16, body: &[u8]) -> Result<Balance, String> {
        balance::balance(http, body)
    }

    /// Reads the answer to a POST. `broke` says why no more of the body came, where it was cut off.
    fn created(&self, http: u16, body: &[u8], broke: Option<&str>, sent: Sent<'_>) -> Created;

    /// Reads what the answer to a question says of one of its tasks.
    fn task(&self, http: u16, body: &[u8], task_id: &str) -> Task;

    /// Reads the answer to the question for the attempt that was sent as `external_id`.
    fn looked_up(&self, http: u16, body: &[u8], external_id: &str) -> Looked;

    /// The body fields that a refusal is about, the likeliest first, none twice, as a [`SourceMap`] has them. Empty where it names none.
    fn blamed_fields(&self, text: &str) -> Vec<String>;
}

/// How much an API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most UTF-16 units of the prompt, or of all cuts where they are one text.
    pub prompt_units: usize,
    /// The most UTF-16 units of a cut.
    pub cut_units: usize,
    /// The most UTF-16 units of the negative prompt.
    pub negative_units: usize,
    /// The most bytes of a picture.
    pub picture_bytes: u64,
    /// The most different voices in one clip.
    pub voices: usize,
    /// The most elements in one clip.
    pub elements: usize,
}

/// A text over its limit, measured as it is sent.
#[derive(Clone, Debug)]
pub struct Overlong {
    /// Its UTF-16 units.
    pub units: usize,
    /// How they are made up: "styles 212, looks 340, action 1,820".
    pub made_of: String,
}

/// Something about a clip that its writer should know.
#[derive(Clone, Debug)]
pub struct Note {
    /// The words that it is about.
    pub place: Place,
    /// Their effect.
    pub message: String,
    /// The next step for the writer.
    pub help: &'static str,
}

/// A GET of the API's, below the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The path.
    pub path: &'static str,
    /// One more segment of the path, not yet percent-encoded.
    pub id: Option<String>,
    /// The query: names, each with values that are sent with commas between them, not yet percent-encoded.
    pub query: Vec<(&'static str, Vec<String>)>,
}

/// The API that a target speaks.
pub fn of(target: Target) -> &'static dyn Api {
    match target {
        Target::Gateway => &legacy::GATEWAY,
        Target::Official => &legacy::OFFICIAL,
        Target::Kling => &next::NEXT,
    }
}

/// The request of a clip, in the form of the API that its target speaks.
///
/// # Errors
/// As [`Api::request`].
pub fn request(clip: &Clip<'_>, library: &Library) -> Result<Request, Unbuildable> {
    of(clip.target).request(clip, library)
}
