//! The rules, one file each: `<code>.md` says what, why, wrong, right and source; the `.rs` next to it looks for it. The rules
//! about how a file is written are in `written`. What the reader, the schema check and the judge report has a
//! document here and its check there.
//!
//! A rule names what it points at (a field of the film); places are looked up when something is reported. How severe a
//! finding is, whether it is silenced, and that it is reported once is for the judge to decide.

mod asset_format;
mod asset_inline_data;
mod asset_not_found;
mod asset_outside_project;
mod asset_too_large;
mod brush_empty;
mod brush_needs_local_frame;
mod brush_point_outside;
mod brush_unsupported;
mod budget_exceeded;
mod camera_axes;
mod camera_pan_tilt;
mod camera_unsupported;
mod capability;
mod cast_without_voice;
mod cfg_scale_unsupported;
mod conflicting_controls;
mod context;
mod control_character;
mod cut_duration_sum;
mod cut_longer_than_shot;
mod cut_prompt_too_long;
mod document;
mod duplicate_id;
mod duplicate_request;
mod duration_undocumented;
mod duration_unsupported;
mod elements_with_voices;
mod extends_cycle;
mod extends_not_found;
mod first_frame_required;
mod ignored_with_cuts;
mod image_aspect_ratio;
mod image_too_small;
mod last_frame_unsupported;
mod last_frame_with_cuts;
mod lines_with_markers;
mod mask_size;
mod mode_ignored;
mod mode_unsupported;
mod model_required;
mod model_retired;
mod model_unavailable;
mod multi_shot_unsupported;
mod negated_negative;
mod negative_prompt_too_long;
mod not_on_target;
mod page;
mod prompt_near_limit;
mod prompt_required;
mod prompt_too_long;
mod raw_field_conflict;
mod raw_field_unknown;
mod run;
mod shots_or_scenes;
mod sound_unsupported;
mod sound_with_last_frame;
mod speaker_without_voice;
mod todo_in_prompt;
mod too_many_elements;
mod too_many_voices;
mod unknown_cast;
mod unknown_style;
mod unresolved_placeholder;
mod unused_cast;
mod unused_style;
mod unused_voice;
mod url_insecure;
mod url_not_a_picture;
mod url_not_public;
mod use_outside_clip;
mod voice_in_cut;
mod voice_marker;
mod voice_needs_sound;
mod voice_out_of_range;
mod voice_undocumented;
mod voice_unsupported;

use crate::clip::Clip;
use crate::diagnostic::{Code, Finding};
use crate::language::Text;
use crate::written;

pub use context::Context;
pub use document::{Document as RuleDocument, Example, url};
pub use page::page;
pub use run::run;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// Its document, Markdown.
    pub markdown: &'static str,
    check: Check,
}

/// Where and on what a rule is run.
#[derive(Debug)]
enum Check {
    /// Not here: the reader, the schema check or the judge reports it.
    Elsewhere,
    /// On each file, as it is written.
    Written(written::Check),
    /// On the film as a whole.
    Film(fn(&Context, &mut Vec<Finding>)),
    /// On each clip that is to be made.
    Clip(fn(&Context, &Clip, &mut Vec<Finding>)),
    /// On each text that some clip sends.
    Sent(fn(&Context, &Text, &mut Vec<Finding>)),
    /// On all clips of shots without an error, after the other rules.
    Correct(fn(&Context, &[&Clip], &mut Vec<Finding>)),
}

macro_rules! rules {
    ($($kind:ident $code:ident $text:literal $($module:ident)?;)+) => {
        /// All rules, in the catalogue's order.
        pub const RULES: &[Rule] = &[$(Rule {
            code: Code::$code,
            markdown: include_str!(concat!(rules!(@folder $kind), $text, ".md")),
            check: rules!(@$kind $($module)?),
        }),+];
    };
    (@folder written) => { "../written/" };
    (@folder $kind:ident) => { "" };
    (@elsewhere) => { Check::Elsewhere };
    (@written $module:ident) => { Check::Written(written::$module::check) };
    (@film $module:ident) => { Check::Film($module::check) };
    (@clip $module:ident) => { Check::Clip($module::check) };
    (@sent $module:ident) => { Check::Sent($module::check) };
    (@correct $module:ident) => { Check::Correct($module::check) };
}

rules! {
    elsewhere Syntax "syntax";
    written DuplicateKey "duplicate-key" duplicate_key;
    elsewhere UnknownField "unknown-field";
    elsewhere MissingField "missing-field";
    elsewhere WrongType "wrong-type";
    elsewhere InvalidValue "invalid-value";
    elsewhere OutOfRange "out-of-range";
    written TextLostToComment "text-lost-to-comment" text_lost_to_comment;
    written CommentAfterText "comment-after-text" comment_after_text;
    written CommentInText "comment-in-text" comment_in_text;
    written TypographicQuotes "typographic-quotes" typographic_quotes;
    written SecretInFile "secret-in-file" secret_in_file;

    film ShotsOrScenes "shots-or-scenes" shots_or_scenes;
    film DuplicateId "duplicate-id" duplicate_id;
    film UnknownStyle "unknown-style" unknown_style;
    film UnknownCast "unknown-cast" unknown_cast;
    film UnusedStyle "unused-style" unused_style;
    film UnusedCast "unused-cast" unused_cast;
    film ExtendsNotFound "extends-not-found" extends_not_found;
    film ExtendsCycle "extends-cycle" extends_cycle;
    clip AssetNotFound "asset-not-found" asset_not_found;
    film AssetOutsideProject "asset-outside-project" asset_outside_project;
    clip AssetInlineData "asset-inline-data" asset_inline_data;
    clip AssetFormat "asset-format" asset_format;
    clip AssetTooLarge "asset-too-large" asset_too_large;
    clip UrlNotPublic "url-not-public" url_not_public;
    clip UrlNotAPicture "url-not-a-picture" url_not_a_picture;
    clip UrlInsecure "url-insecure" url_insecure;

    clip ModelRequired "model-required" model_required;
    film ModelUnavailable "model-unavailable" model_unavailable;
    film ModelRetired "model-retired" model_retired;
    clip ModeUnsupported "mode-unsupported" mode_unsupported;
    clip ModeIgnored "mode-ignored" mode_ignored;
    clip NotOnTarget "not-on-target" not_on_target;
    clip DurationUnsupported "duration-unsupported" duration_unsupported;
    clip DurationUndocumented "duration-undocumented" duration_undocumented;
    clip CfgScaleUnsupported "cfg-scale-unsupported" cfg_scale_unsupported;

    clip FirstFrameRequired "first-frame-required" first_frame_required;
    clip ImageTooSmall "image-too-small" image_too_small;
    clip ImageAspectRatio "image-aspect-ratio" image_aspect_ratio;
    clip ConflictingControls "conflicting-controls" conflicting_controls;
    clip LastFrameUnsupported "last-frame-unsupported" last_frame_unsupported;
    clip SoundWithLastFrame "sound-with-last-frame" sound_with_last_frame;
    clip CameraUnsupported "camera-unsupported" camera_unsupported;
    clip CameraAxes "camera-axes" camera_axes;
    clip CameraPanTilt "camera-pan-tilt" camera_pan_tilt;
    clip BrushUnsupported "brush-unsupported" brush_unsupported;
    clip BrushEmpty "brush-empty" brush_empty;
    clip BrushNeedsLocalFrame "brush-needs-local-frame" brush_needs_local_frame;
    clip BrushPointOutside "brush-point-outside" brush_point_outside;
    clip MaskSize "mask-size" mask_size;

    clip PromptRequired "prompt-required" prompt_required;
    clip PromptTooLong "prompt-too-long" prompt_too_long;
    film NegativePromptTooLong "negative-prompt-too-long" negative_prompt_too_long;
    clip PromptNearLimit "prompt-near-limit" prompt_near_limit;
    film NegatedNegative "negated-negative" negated_negative;
    sent TodoInPrompt "todo-in-prompt" todo_in_prompt;
    sent ControlCharacter "control-character" control_character;
    clip VoiceMarker "voice-marker" voice_marker;
    clip VoiceOutOfRange "voice-out-of-range" voice_out_of_range;
    clip TooManyVoices "too-many-voices" too_many_voices;
    clip TooManyElements "too-many-elements" too_many_elements;
    clip ElementsWithVoices "elements-with-voices" elements_with_voices;
    clip VoiceNeedsSound "voice-needs-sound" voice_needs_sound;
    clip CastWithoutVoice "cast-without-voice" cast_without_voice;
    clip SpeakerWithoutVoice "speaker-without-voice" speaker_without_voice;
    clip UnusedVoice "unused-voice" unused_voice;
    clip LinesWithMarkers "lines-with-markers" lines_with_markers;
    clip SoundUnsupported "sound-unsupported" sound_unsupported;
    clip VoiceUnsupported "voice-unsupported" voice_unsupported;
    clip VoiceUndocumented "voice-undocumented" voice_undocumented;
    film UnresolvedPlaceholder "unresolved-placeholder" unresolved_placeholder;

    clip MultiShotUnsupported "multi-shot-unsupported" multi_shot_unsupported;
    clip IgnoredWithCuts "ignored-with-cuts" ignored_with_cuts;
    clip LastFrameWithCuts "last-frame-with-cuts" last_frame_with_cuts;
    clip CutPromptTooLong "cut-prompt-too-long" cut_prompt_too_long;
    clip CutDurationSum "cut-duration-sum" cut_duration_sum;
    clip CutLongerThanShot "cut-longer-than-shot" cut_longer_than_shot;
    clip VoiceInCut "voice-in-cut" voice_in_cut;

    film BudgetExceeded "budget-exceeded" budget_exceeded;
    correct DuplicateRequest "duplicate-request" duplicate_request;
    clip RawFieldConflict "raw-field-conflict" raw_field_conflict;
    clip RawFieldUnknown "raw-field-unknown" raw_field_unknown;
    clip UseOutsideClip "use-outside-clip" use_outside_clip;
    elsewhere UnknownRule "unknown-rule";
    elsewhere UnusedAllow "unused-allow";
}

impl Rule {
    /// The rule of a code.
    pub fn of(code: Code) -> &'static Rule {
        &RULES[code as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_rule_for_each_code_in_order() {
        let codes: Vec<Code> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes, Code::ALL);
    }
}
