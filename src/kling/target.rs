/// The service that takes the requests, and in which form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A gateway with a bearer key, legacy form: the narrowest of them.
    #[default]
    Gateway,
    /// Kling's own API, legacy form.
    Official,
    /// Kling's own API, the form with the model in the path.
    Kling,
}

/// The facts about a target, whatever is sent there.
#[derive(Debug)]
struct TargetFacts {
    word: &'static str,
    name: &'static str,
    url: Option<&'static str>,
    paths: &'static [&'static str],
    suffixes: &'static [&'static str],
    signs: bool,
    finds_by_id: bool,
}

/// Kling's own global host. Source: its API document (2026-10-04), and answers of the service (2026-09).
const KLING_URL: &str = "https://api-singapore.klingai.com";

const GATEWAY: TargetFacts = TargetFacts {
    word: "gateway",
    name: "the gateway",
    url: None,
    paths: &["/kling/v1", "/v1/videos"],
    suffixes: &["/kling", "/v1"],
    signs: false,
    finds_by_id: false,
};

const OFFICIAL: TargetFacts = TargetFacts {
    word: "official",
    name: "Kling's own API",
    url: Some(KLING_URL),
    paths: &["/kling/v1", "/v1/videos"],
    suffixes: &["/kling", "/v1"],
    signs: true,
    finds_by_id: true,
};

/// Signed tokens are refused here: code 1002, which names the two keys (seen 2026-09-19). A gateway of this form may have `/kling`
/// before the path.
const KLING: TargetFacts = TargetFacts {
    word: "kling",
    name: "Kling's new API",
    url: Some(KLING_URL),
    paths: &["/image-to-video", "/text-to-video", "/omni-video", "/v1/videos"],
    suffixes: &["/tasks", "/v1"],
    signs: false,
    finds_by_id: true,
};

impl Target {
    /// All of them, the default one first.
    pub const ALL: &[Target] = &[Target::Gateway, Target::Official, Target::Kling];

    fn facts(self) -> &'static TargetFacts {
        match self {
            Target::Gateway => &GATEWAY,
            Target::Official => &OFFICIAL,
            Target::Kling => &KLING,
        }
    }

    /// As it is written in the config and in flags.
    pub fn as_str(self) -> &'static str {
        self.facts().word
    }

    /// The one that is written `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|target| target.as_str() == text)
    }

    /// For messages: "the gateway", "Kling's own API".
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Where its requests go unless the config names another address; a gateway has to be named.
    pub fn url(self) -> Option<&'static str> {
        self.facts().url
    }

    /// Parts of its requests' paths, which do not belong into the service's address.
    pub fn paths(self) -> &'static [&'static str] {
        self.facts().paths
    }

    /// Beginnings and ends of its paths that are often copied along with the address.
    pub fn path_ends(self) -> &'static [&'static str] {
        self.facts().suffixes
    }

    /// Whether it can be asked for the tasks of `other`, at the same address: `GET /tasks` has those of both forms of Kling's own
    /// API (seen 2026-09-20), and nothing says so of the other way around.
    pub fn knows_tasks_of(self, other: Target) -> bool {
        self == other || (self, other) == (Target::Kling, Target::Official)
    }

    /// Whether it takes a token that is signed with an access key and a secret key, in addition to a bearer key.
    pub fn takes_signed_tokens(self) -> bool {
        self.facts().signs
    }

    /// Whether it always finds a task by the id that was sent along.
    pub fn finds_by_external_id(self) -> bool {
        self.facts().finds_by_id
    }
}
