use super::Body;
use crate::kling::Target;
use crate::text::Place;

/// One paid request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The storyboard's path, as found.
    pub storyboard: String,
    /// The shot's id.
    pub shot: String,
    /// The service that takes it.
    pub target: Target,
    /// The path that it is posted to, below the base URL.
    pub path: &'static str,
    /// The body.
    pub body: Body,
    /// The source of each part of the body.
    pub sources: SourceMap,
    /// Where the shot as a whole is pointed at.
    pub place: Place,
}

/// From a field of a request's body to the writer's own words: what the service refuses is shown there.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    entries: Vec<(String, Vec<Place>)>,
}

impl SourceMap {
    pub(crate) fn add(&mut self, path: impl Into<String>, places: Vec<Place>) {
        if !places.is_empty() {
            self.entries.push((path.into(), places));
        }
    }

    /// The places that the field at `path` came from: `prompt`, `multi_prompt[0].prompt`. Where that has none, the places of
    /// what it is a part of.
    pub fn places(&self, path: &str) -> &[Place] {
        let mut path = path;
        loop {
            if let Some((_, places)) = self.entries.iter().find(|(entry, _)| entry == path) {
                return places;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return &[],
            }
        }
    }
}
