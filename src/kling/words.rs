//! Kling's own words: the values that its fields can have.

/// An enum whose choices are written as texts, with the words for reading, writing and the schema.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            schemars::JsonSchema,
        )]
        #[schemars(inline)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The one that is written `text`.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use choices;

choices! {
    /// The quality of a clip.
    Mode {
        /// Standard: 720p, the cheapest.
        Std "std",
        /// Professional: 1080p.
        Pro "pro",
        /// 4K: only on Kling's own API, and not on every model.
        FourK "4k",
    }
}

choices! {
    /// A ready-made camera move.
    Preset {
        /// Down and back.
        DownBack "down_back",
        /// Forward and up.
        ForwardUp "forward_up",
        /// Turns right and goes forward.
        RightTurnForward "right_turn_forward",
        /// Turns left and goes forward.
        LeftTurnForward "left_turn_forward",
    }
}

choices! {
    /// An axis of Kling's camera control.
    Axis {
        /// Left (below 0) and right.
        Horizontal "horizontal",
        /// Down (below 0) and up.
        Vertical "vertical",
        /// Kling's Chinese and English pages give `pan` and `tilt` opposite meanings.
        Pan "pan",
        /// Kling's Chinese and English pages give `pan` and `tilt` opposite meanings.
        Tilt "tilt",
        /// Counter-clockwise (below 0) and clockwise.
        Roll "roll",
        /// In (below 0: narrower) and out (wider).
        Zoom "zoom",
    }
}
