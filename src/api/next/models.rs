//! Where each model is, and which settings its body has. What a model can do is in the facts table; a model whose body differs from
//! these in other ways has its lines in `write.rs`.

use crate::kling::Model;

/// A model's endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint {
    /// The storyboard's name of the model.
    model: &'static str,
    /// The path, below the base URL.
    pub path: &'static str,
    /// Whether its settings have `multi_shot`, which is true on the service's side unless it is sent as false.
    pub has_multi_shot: bool,
    /// Whether it reads a text in the wording of shots as shots, whatever its settings say.
    pub always_reads_shots: bool,
    /// Whether its settings have `audio`.
    pub has_audio: bool,
    /// The most UTF-16 units of its text, which is one for all cuts.
    pub text_units: usize,
}

/// Source: Kling's pages of these four models, as three people read them between 2026-08-21 and 2026-09-20, and answers of the service.
const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        model: "kling-v3",
        path: "/image-to-video/kling-3.0",
        has_multi_shot: true,
        always_reads_shots: false,
        has_audio: true,
        text_units: 3_072,
    },
    Endpoint {
        model: "kling-v3-turbo",
        path: "/image-to-video/kling-3.0-turbo",
        has_multi_shot: false,
        always_reads_shots: true,
        has_audio: false,
        text_units: 2_500,
    },
    Endpoint {
        model: "kling-v2-6",
        path: "/image-to-video/kling-2.6",
        has_multi_shot: false,
        always_reads_shots: false,
        has_audio: true,
        text_units: 2_500,
    },
    Endpoint {
        model: "kling-v2-5-turbo",
        path: "/image-to-video/kling-2.5-turbo",
        has_multi_shot: false,
        always_reads_shots: false,
        has_audio: false,
        text_units: 2_500,
    },
];

/// The endpoint of a model, if there is one.
pub(super) fn endpoint(model: Model) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().find(|endpoint| endpoint.model == model.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kling::{Facts, Target};

    #[test]
    fn each_model_that_the_facts_table_sells_here_has_an_endpoint() {
        let sold: Vec<_> = Facts::kling().current_on(Target::Kling).map(Model::as_str).collect();
        let mut known: Vec<_> = ENDPOINTS.iter().map(|endpoint| endpoint.model).collect();
        known.sort_by_key(|model| sold.iter().position(|name| name == model));
        assert_eq!(known, sold);
    }
}
