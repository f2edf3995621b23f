//! Kling's flat image-to-video body with `model_name`, as its own API and gateways take it, and what they answer.
//!
//! Shapes of answers: Kling's API document and new-api's source, both read 2026-11-22.

mod blame;
mod fields;
mod limits;
mod look_up;
mod task;
mod write;

pub use blame::blamed_fields;
pub use fields::BODY_FIELDS;

use super::answers::{Created, Looked, Sent, created};
use super::{Api, Limits, Overlong, Question, Request, Task};
use crate::assets::Library;
use crate::clip::{Clip, Unbuildable};
use crate::kling::raw::{RAW_FIELDS, RawField};
use crate::kling::{Model, Target};
use crate::language::length::Length;

/// The legacy form at one of the targets that speak it.
#[derive(Debug)]
pub(super) struct Legacy(Target);

pub(super) static GATEWAY: Legacy = Legacy(Target::Gateway);
pub(super) static OFFICIAL: Legacy = Legacy(Target::Official);

impl Legacy {
    /// The path of the endpoint, below the base URL.
    fn path(&self) -> &'static str {
        match self.0 {
            Target::Gateway => "/kling/v1/videos/image2video",
            Target::Official | Target::Kling => "/v1/videos/image2video",
        }
    }

    fn about(&self, id: &str) -> Question {
        Question { path: Legacy::path(self), id: Some(id.to_owned()), query: Vec::new() }
    }
}

impl Api for Legacy {
    fn request(&self, clip: &Clip<'_>, library: &Library) -> Result<Request, Unbuildable> {
        write::request(clip, library, Legacy::path(self))
    }

    fn path(&self, model: Model) -> Option<&'static str> {
        model.source(self.0).map(|_| Legacy::path(self))
    }

    fn limits(&self, _: Option<Model>) -> Limits {
        limits::LIMITS
    }

    /// Each cut has a text and a limit of its own.
    fn overlong_prompt(&self, clip: &Clip<'_>) -> Option<Overlong> {
        let prompt = clip.prompts.first().filter(|_| !clip.shot.has_cuts())?;
        let units = match clip.sent_elements() {
            [] => prompt.length().units,
            elements => Length::of(&prompt.text_with(elements).ok()?).units,
        };
        (units > limits::LIMITS.prompt_units).then(|| Overlong { units, made_of: prompt.made_of() })
    }

    fn our_field(&self, field: &str) -> Option<&'static str> {
        fields::our_field(field)
    }

    fn conflict(&self, name: &str, _: &serde_json::Value) -> Option<&'static str> {
        fields::produced(name)
    }

    fn fields(&self) -> Vec<&'static str> {
        BODY_FIELDS.iter().map(|(field, _)| *field).collect()
    }

    fn raw_fields(&self) -> &'static [RawField] {
        RAW_FIELDS
    }

    fn ask_for_tasks(&self, task_ids: &[&str]) -> Question {
        self.about(task_ids.first().copied().unwrap_or_default())
    }

    fn ask_for_attempt(&self, external_id: &str) -> Question {
        self.about(external_id)
    }

    /// Kling's page "Account Information Inquiry", read 2026-11-26: free, and at most once a second. Gateways have nothing like it.
    fn ask_for_balance(&self, since: i64, until: i64) -> Option<Question> {
        let query = vec![("start_time", vec![since.to_string()]), ("end_time", vec![until.to_string()])];
        (self.0 == Target::Official).then_some(Question { path: "/account/costs", id: None, query })
    }

    fn created(&self, http: u16, body: &[u8], broke: Option<&str>, sent: Sent<'_>) -> Created {
        created(http, body, broke, sent, blamed_fields)
    }

    fn task(&self, http: u16, body: &[u8], task_id: &str) -> Task {
        task::task(http, body, task_id)
    }

    fn looked_up(&self, http: u16, body: &[u8], external_id: &str) -> Looked {
        look_up::looked_up(http, body, external_id)
    }

    fn blamed_fields(&self, text: &str) -> Vec<String> {
        blamed_fields(text)
    }
}
