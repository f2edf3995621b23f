//! Kling's form of 2026 with the model in the path: `contents`, `settings` and `options`, and `GET /tasks` for every question.
//!
//! Source: copies of Kling's pages and answers of the service that several people wrote down between 2026-07-24 and 2026-10-08.

mod blame;
mod fields;
mod models;
mod task;
mod words;
mod write;

use super::answers::{Created, Looked, Sent, created};
use super::{Api, Limits, Note, Overlong, Question, Request, Task};
use crate::assets::Library;
use crate::clip::{Clip, Unbuildable};
use crate::kling::Model;
use crate::kling::raw::RawField;

/// This API.
#[derive(Debug)]
pub(super) struct Next;

pub(super) static NEXT: Next = Next;

/// Where tasks are asked for.
const TASKS: &str = "/tasks";

impl Api for Next {
    fn request(&self, clip: &Clip<'_>, library: &Library) -> Result<Request, Unbuildable> {
        write::request(clip, library)
    }

    fn path(&self, model: Model) -> Option<&'static str> {
        models::endpoint(model).map(|endpoint| endpoint.path)
    }

    /// Kling's pages have 3,072 or 2,500 characters for a text, 512 for a shot's words, and 50 MB for a picture, read the strict way.
    /// There is no negative prompt: one that is written is not measured either.
    fn limits(&self, model: Option<Model>) -> Limits {
        const USUAL: usize = 2_500;
        let prompt_units = model.and_then(models::endpoint).map_or(USUAL, |endpoint| endpoint.text_units);
        Limits {
            prompt_units,
            cut_units: 512,
            negative_units: usize::MAX,
            picture_bytes: 50_000_000,
            voices: 2,
            elements: 3,
        }
    }

    fn overlong_prompt(&self, clip: &Clip<'_>) -> Option<Overlong> {
        words::Words::of(clip).ok()?.overlong(clip, self.limits(clip.model.value()).prompt_units)
    }

    fn notes(&self, clip: &Clip<'_>) -> Vec<Note> {
        words::notes(clip)
    }

    fn our_field(&self, field: &str) -> Option<&'static str> {
        fields::our_field(field)
    }

    fn conflict(&self, name: &str, value: &serde_json::Value) -> Option<&'static str> {
        fields::conflict(name, value)
    }

    fn fields(&self) -> Vec<&'static str> {
        fields::names()
    }

    fn raw_fields(&self) -> &'static [RawField] {
        fields::RAW_FIELDS
    }

    /// Of 21 ids the service says that they cannot exceed 20 (seen 2026-09-20); no page says so.
    fn tasks_at_once(&self) -> usize {
        20
    }

    fn ask_for_tasks(&self, task_ids: &[&str]) -> Question {
        let ids = task_ids.iter().map(|id| (*id).to_owned()).collect();
        Question { path: TASKS, id: None, query: vec![("task_ids", ids)] }
    }

    fn ask_for_attempt(&self, external_id: &str) -> Question {
        Question { path: TASKS, id: None, query: vec![("external_task_ids", vec![external_id.to_owned()])] }
    }

    fn created(&self, http: u16, body: &[u8], broke: Option<&str>, sent: Sent<'_>) -> Created {
        created(http, body, broke, sent, blame::blamed_fields)
    }

    fn task(&self, http: u16, body: &[u8], task_id: &str) -> Task {
        task::task(http, body, task_id)
    }

    fn looked_up(&self, http: u16, body: &[u8], external_id: &str) -> Looked {
        task::looked_up(http, body, external_id)
    }

    fn blamed_fields(&self, text: &str) -> Vec<String> {
        blame::blamed_fields(text)
    }
}
