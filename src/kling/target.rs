/// Who takes the requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Target {
    /// A gateway with a bearer key: the narrower of the two.
    #[default]
    Gateway,
    /// Kling's own API, legacy form.
    Official,
}

impl Target {
    /// Both, the default one first.
    pub const ALL: &[Target] = &[Target::Gateway, Target::Official];

    /// As it is written in the config and in flags.
    pub fn as_str(self) -> &'static str {
        match self {
            Target::Gateway => "gateway",
            Target::Official => "official",
        }
    }

    /// The one that is written `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|target| target.as_str() == text)
    }

    /// For messages: "the gateway", "Kling's own API".
    pub fn name(self) -> &'static str {
        match self {
            Target::Gateway => "the gateway",
            Target::Official => "Kling's own API",
        }
    }
}
