//! Every code a diagnostic can have. A code is stable: it is never renamed or reused.

use std::fmt;

/// How severe a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; the storyboard still compiles.
    Warning,
    /// The storyboard is not compiled.
    Error,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Whether a fix keeps the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Keeps the meaning: `--fix` applies it.
    Safe,
    /// May change what is bought or seen: `--unsafe-fixes` applies it.
    Unsafe,
}

impl Safety {
    /// `safe` or `unsafe`.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $text:literal $severity:ident $([$($trait:ident)+])?;)+) => {
        /// A rule's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = concat!("`", $text, "`")] $variant),+ }

        impl Code {
            /// All codes, in the catalogue's order.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),+ }
            }

            /// How severe it is unless the config or a flag says otherwise.
            pub const fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),+ }
            }

            const fn traits(self) -> &'static [Trait] {
                match self { $(Code::$variant => &[$($(Trait::$trait),+)?]),+ }
            }
        }
    };
}

#[derive(PartialEq)]
enum Trait {
    /// Cannot be silenced.
    Always,
    /// Offers a fix that keeps the meaning.
    Safe,
    /// Offers a fix that may change the meaning.
    Unsafe,
}

codes! {
    Syntax "syntax" Error [Always];
    DuplicateKey "duplicate-key" Error [Always];
    UnknownField "unknown-field" Error [Safe];
    MissingField "missing-field" Error;
    WrongType "wrong-type" Error [Safe];
    InvalidValue "invalid-value" Error [Safe];
    OutOfRange "out-of-range" Error;
    TextLostToComment "text-lost-to-comment" Error [Safe];
    CommentAfterText "comment-after-text" Warning [Unsafe];
    CommentInText "comment-in-text" Warning;
    TypographicQuotes "typographic-quotes" Warning [Safe];
    SecretInFile "secret-in-file" Error;

    ShotsOrScenes "shots-or-scenes" Error;
    DuplicateId "duplicate-id" Error;
    UnknownStyle "unknown-style" Error [Safe];
    UnknownCast "unknown-cast" Error [Safe];
    UnusedStyle "unused-style" Warning;
    UnusedCast "unused-cast" Warning;
    ExtendsNotFound "extends-not-found" Error;
    ExtendsCycle "extends-cycle" Error;
    AssetNotFound "asset-not-found" Error;
    AssetOutsideProject "asset-outside-project" Error [Always];
    AssetInlineData "asset-inline-data" Error;
    AssetFormat "asset-format" Error;
    AssetTooLarge "asset-too-large" Error;
    UrlNotPublic "url-not-public" Error;
    UrlNotAPicture "url-not-a-picture" Warning;
    UrlInsecure "url-insecure" Warning;

    ModelRequired "model-required" Error;
    ModelUnavailable "model-unavailable" Error;
    ModelRetired "model-retired" Warning;
    ModeUnsupported "mode-unsupported" Error;
    ModeIgnored "mode-ignored" Warning;
    NotOnTarget "not-on-target" Error;
    DurationUnsupported "duration-unsupported" Error;
    DurationUndocumented "duration-undocumented" Warning;
    CfgScaleUnsupported "cfg-scale-unsupported" Warning;

    FirstFrameRequired "first-frame-required" Error;
    ImageTooSmall "image-too-small" Error;
    ImageAspectRatio "image-aspect-ratio" Error;
    ConflictingControls "conflicting-controls" Error;
    LastFrameUnsupported "last-frame-unsupported" Error;
    SoundWithLastFrame "sound-with-last-frame" Error;
    CameraUnsupported "camera-unsupported" Error;
    CameraAxes "camera-axes" Error;
    CameraPanTilt "camera-pan-tilt" Warning;
    BrushUnsupported "brush-unsupported" Error;
    BrushEmpty "brush-empty" Error;
    BrushNeedsLocalFrame "brush-needs-local-frame" Error;
    BrushPointOutside "brush-point-outside" Error;
    MaskSize "mask-size" Error;

    PromptRequired "prompt-required" Error;
    PromptTooLong "prompt-too-long" Error;
    NegativePromptTooLong "negative-prompt-too-long" Error;
    PromptNearLimit "prompt-near-limit" Warning;
    NegatedNegative "negated-negative" Warning [Unsafe];
    TodoInPrompt "todo-in-prompt" Warning;
    ControlCharacter "control-character" Warning;
    VoiceMarker "voice-marker" Error [Safe];
    VoiceOutOfRange "voice-out-of-range" Error;
    TooManyVoices "too-many-voices" Error;
    TooManyElements "too-many-elements" Error;
    ElementsWithVoices "elements-with-voices" Error;
    VoiceNeedsSound "voice-needs-sound" Error [Unsafe];
    CastWithoutVoice "cast-without-voice" Error;
    SpeakerWithoutVoice "speaker-without-voice" Warning;
    UnusedVoice "unused-voice" Warning;
    LinesWithMarkers "lines-with-markers" Error;
    SoundUnsupported "sound-unsupported" Error;
    VoiceUnsupported "voice-unsupported" Error;
    VoiceUndocumented "voice-undocumented" Warning;
    UnresolvedPlaceholder "unresolved-placeholder" Warning [Safe];

    MultiShotUnsupported "multi-shot-unsupported" Error;
    IgnoredWithCuts "ignored-with-cuts" Error;
    LastFrameWithCuts "last-frame-with-cuts" Error;
    CutPromptTooLong "cut-prompt-too-long" Error;
    CutDurationSum "cut-duration-sum" Error;
    CutLongerThanShot "cut-longer-than-shot" Error;
    VoiceInCut "voice-in-cut" Warning;

    BudgetExceeded "budget-exceeded" Error;
    DuplicateRequest "duplicate-request" Warning;
    RawFieldConflict "raw-field-conflict" Error [Always];
    RawFieldUnknown "raw-field-unknown" Warning;
    UseOutsideClip "use-outside-clip" Error;
    UnknownRule "unknown-rule" Warning;
    UnusedAllow "unused-allow" Warning;
}

impl Code {
    /// The code that is written `text`.
    pub fn parse(text: &str) -> Option<Code> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// The part of the catalogue that it belongs to.
    pub fn group(self) -> &'static str {
        GROUPS[GROUPS.partition_point(|(first, _)| *first <= self) - 1].1
    }

    /// Whether comments, config and flags may silence it or make it a warning.
    pub fn can_be_silenced(self) -> bool {
        !self.traits().contains(&Trait::Always)
    }

    /// The kind of fix that it may offer.
    pub fn fix(self) -> Option<Safety> {
        if self.traits().contains(&Trait::Safe) {
            Some(Safety::Safe)
        } else if self.traits().contains(&Trait::Unsafe) {
            Some(Safety::Unsafe)
        } else {
            None
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The catalogue's groups, each by its first code.
const GROUPS: &[(Code, &str)] = &[
    (Code::Syntax, "Reading the file"),
    (Code::ShotsOrScenes, "Names and files"),
    (Code::ModelRequired, "Model, mode, duration"),
    (Code::FirstFrameRequired, "Frames, camera, brush"),
    (Code::PromptRequired, "Prompt, voices, sound"),
    (Code::MultiShotUnsupported, "Cuts"),
    (Code::BudgetExceeded, "The film"),
];
