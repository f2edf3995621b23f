//! `clapboard.toml`: read into the same spanned tree as a storyboard, checked against a schema of its own, its faults
//! collected and reported at their places.

use std::sync::LazyLock;

use camino::Utf8Path;
use ignore::overrides::OverrideBuilder;
use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Code, Finding, Severity};
use crate::files::{Files, ReadError};
use crate::judge::Levels;
use crate::judge::sink::unknown_rule;
use crate::kling::Target;
use crate::kling::price::USD_PER_UNIT;
use crate::language::Form;
use crate::language::schema::generate;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::{FileId, secret, shown};

/// The config's schema as it is committed in `schemas/`, compiled in.
pub const SCHEMA: &str = include_str!("../../schemas/config.schema.json");

/// The config's schema, derived from the types.
pub fn schema() -> serde_json::Value {
    generate::<ConfigFile>("config.schema.json", "clapboard.toml")
}

/// The config of a clapboard project. All of it is optional.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ConfigFile {
    /// The service that takes the requests.
    pub target: Option<TargetTable>,
    /// Overrides of the price table.
    pub prices: Option<PricesTable>,
    /// Rules that are silenced, or reported as warnings or errors.
    pub lint: Option<LintTable>,
    /// Which files are storyboards.
    pub files: Option<FilesTable>,
}

// Named: a build without other macros cannot parse a list in an attribute.
const DROPPED: [&str; 2] = ["multi_prompt", "voice_list"];

/// The service that takes the requests.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(inline, extend("additionalProperties" = false))]
pub struct TargetTable {
    /// `gateway`: a gateway with a bearer key. `official`: Kling's own API. `kling`: Kling's own API in its new form, with the model in
    /// the path.
    #[schemars(extend("enum" = ["gateway", "official", "kling"], "default" = "gateway"))]
    pub api: Option<String>,
    /// The service's address. Its path is put behind it.
    #[schemars(regex(pattern = "^https?://"), example = &"https://gateway.example")]
    pub base_url: Option<String>,
    /// The name of the environment variable that has the key. Never the key itself.
    #[schemars(regex(pattern = VARIABLE), extend("default" = "KLING_API_KEY"))]
    pub api_key_env: Option<String>,
    /// `official` only: the variable that has the access key. With `secret_key_env`, instead of `api_key_env`.
    #[schemars(regex(pattern = VARIABLE), example = &"KLING_ACCESS_KEY")]
    pub access_key_env: Option<String>,
    /// `official` only: the variable that has the secret key.
    #[schemars(regex(pattern = VARIABLE), example = &"KLING_SECRET_KEY")]
    pub secret_key_env: Option<String>,
    /// `gateway` only: whether the gateway passes `external_task_id` on, so that a lost reply can be looked up.
    #[schemars(extend("default" = false))]
    pub external_task_id: Option<bool>,
    /// `gateway` only: body fields that the gateway is known to pass on. Gateways of today drop some without a word.
    #[schemars(example = DROPPED)]
    pub passes: Option<Vec<String>>,
    /// How many seconds one request may take.
    #[schemars(range(min = 1, max = 3600), extend("default" = 60))]
    pub request_timeout: Option<u32>,
}

/// Overrides of the price table.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(inline, extend("additionalProperties" = false))]
pub struct PricesTable {
    /// US dollars for one Kling unit.
    #[schemars(range(min = 0, max = 1000), extend("default" = 0.14))]
    pub usd_per_unit: Option<f64>,
}

/// Rules that are silenced, or reported as warnings or errors. `clapboard explain` lists all rules.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(inline, extend("additionalProperties" = false))]
pub struct LintTable {
    /// Not reported.
    pub allow: Option<Vec<String>>,
    /// Reported as warnings.
    pub warn: Option<Vec<String>>,
    /// Reported as errors. `warnings` means every warning.
    pub deny: Option<Vec<String>>,
}

/// Which files are storyboards, as patterns from the project root.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(inline, extend("additionalProperties" = false))]
pub struct FilesTable {
    /// If there are any, only files that match one of them are looked at.
    #[schemars(example = INCLUDE)]
    pub include: Option<Vec<String>>,
    /// Files that match one of them are left out.
    #[schemars(example = EXCLUDE)]
    pub exclude: Option<Vec<String>>,
}

// Examples that are lists are named: a build without other macros cannot parse one in an attribute.
const INCLUDE: [&str; 1] = ["films/**"];
const EXCLUDE: [&str; 1] = ["drafts/**"];

const VARIABLE: &str = "^[A-Z][A-Z0-9_]*$";

/// Whether this has the form of [`VARIABLE`].
fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The fields that name an environment variable with a key in it.
const KEY_VARIABLES: [&str; 3] = ["api_key_env", "access_key_env", "secret_key_env"];

/// A project's config, defaults filled in.
#[derive(Debug, Clone)]
pub struct Config {
    /// The service that takes the requests.
    pub target: TargetSettings,
    /// US dollars for one Kling unit.
    pub usd_per_unit: f64,
    /// Which rules are reported.
    pub levels: Levels,
    /// Patterns of the files to look at; empty for all.
    pub include: Vec<String>,
    /// Patterns of the files to leave out.
    pub exclude: Vec<String>,
    /// The findings in the config. With any error among them the command cannot run.
    pub findings: Vec<Finding>,
}

impl Config {
    /// Whether it is so wrong that nothing can be done by it.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.code.severity() == Severity::Error)
    }
}

/// The service that takes the requests, and how they are signed.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetSettings {
    /// The kind of service.
    pub api: Target,
    /// Its address, if the config names one.
    pub base_url: Option<String>,
    /// Where the keys are.
    pub auth: Auth,
    /// Whether the service is given `external_task_id`.
    pub external_task_id: bool,
    /// Body fields that the gateway is known to pass on.
    pub passes: Vec<String>,
    /// How many seconds one request may take.
    pub request_timeout: u32,
}

/// The names of the environment variables that have the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// A bearer key.
    Key {
        /// Its variable.
        variable: String,
    },
    /// An access key and a secret key, which sign a token.
    Pair {
        /// The access key's variable.
        access: String,
        /// The secret key's variable.
        secret: String,
    },
}

/// A run for one API with the address or the keys of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "`--target {}` does not fit clapboard.toml: its address and key are those of `api = \"{}\"`, and would be used for another service",
    .asked.as_str(),
    .configured.as_str()
)]
pub struct OtherTarget {
    /// The target of the run.
    pub asked: Target,
    /// The target that the config describes.
    pub configured: Target,
}

impl TargetSettings {
    /// These settings, for a run on `target`. A config that names neither an address nor a key serves each target.
    ///
    /// # Errors
    /// The address or the key belongs to another target.
    pub fn for_target(&self, target: Target) -> Result<&Self, OtherTarget> {
        let default = Config::default().target;
        let names_a_service = self.base_url.is_some() || self.auth != default.auth;
        match target == self.api || !names_a_service {
            true => Ok(self),
            false => Err(OtherTarget { asked: target, configured: self.api }),
        }
    }
}

impl Auth {
    /// The variables that have the keys.
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Auth::Key { variable } => vec![variable],
            Auth::Pair { access, secret } => vec![access, secret],
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            target: TargetSettings {
                api: Target::Gateway,
                base_url: None,
                auth: Auth::Key { variable: "KLING_API_KEY".into() },
                external_task_id: false,
                passes: Vec::new(),
                request_timeout: 60,
            },
            usd_per_unit: USD_PER_UNIT,
            levels: Levels::default(),
            include: Vec::new(),
            exclude: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// The most bytes of a config.
const LONGEST: u64 = 1 << 20;

/// Reads a config; what is wrong with it is among its findings, and counts as not written.
pub(super) fn read(files: &dyn Files, root: &Utf8Path, file: &FileId) -> (Config, Document) {
    static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(SCHEMA, "clapboard.toml"));
    let document = match bytes(files, root, &file.path) {
        Ok(bytes) => Document::from_bytes(file, bytes),
        Err(why) => Document::without_text(
            file,
            format!("the config cannot be read: {why}"),
            "a config is an ordinary file in the project; without one, remove this and the defaults are used",
        ),
    };
    let mut reader = Reader { document: &document, config: Config::default() };
    reader.config.findings.extend(document.findings.iter().cloned());
    let shape = if document.tree.root().is_some() { FORM.check(&document) } else { Default::default() };
    // A value of `*_env` that is not a variable's name is reported as what it may be, and never quoted.
    let hidden: Vec<_> = reader.key_in_place_of_name().map(|node| document.place(document.tree.place(node))).collect();
    let is_shown = |finding: &Finding| !hidden.iter().any(|place| place.span == finding.place.span);
    let shown = shape.findings.into_iter().filter(is_shown).map(|finding| in_config(finding, &document));
    reader.config.findings.extend(shown);
    for doubled in &document.tree.duplicates {
        let message = format!("`{}` is written twice in the same place", doubled.key);
        let finding = Finding::new(Code::DuplicateKey, document.place(doubled.second), message);
        reader
            .config
            .findings
            .push(finding.label(document.place(doubled.first), "the first one").help("remove one of the two"));
    }
    reader.read();
    let config = reader.config;
    (config, document)
}

/// A finding of the schema's check as it is said of a config: nothing is fixed in it, and it has no field for remarks.
fn in_config(finding: Finding, document: &Document) -> Finding {
    let lists_fields = finding.help.as_ref().is_some_and(|help| help.contains("a remark of your own"));
    let is_known = finding.code != Code::UnknownField || !lists_fields;
    let finding = Finding { fix: None, ..finding };
    if is_known {
        return finding;
    }
    let key = document.source.slice(finding.place.span).to_lowercase();
    if ["key", "secret", "token", "password"].iter().any(|word| key.contains(word)) {
        finding.help("never write a key into a file: `api_key_env` names the environment variable that has it")
    } else {
        finding.help("`clapboard schema --config` lists all fields; a remark is a comment, `# …`")
    }
}

/// A config that is a link out of the project would have lines of other files quoted in messages.
fn bytes(files: &dyn Files, root: &Utf8Path, path: &Utf8Path) -> Result<Vec<u8>, ReadError> {
    let real = files.real(path)?;
    if !real.starts_with(root) {
        return Err(ReadError::Other("it is a link that leads out of the project".into()));
    }
    crate::files::read(files, &real, LONGEST)
}

struct Reader<'d> {
    document: &'d Document,
    config: Config,
}

impl Reader<'_> {
    fn node(&self, table: &str, key: &str) -> Option<NodeId> {
        let tree = &self.document.tree;
        tree.get(tree.get(tree.root()?, table)?, key)
    }

    fn text(&self, table: &str, key: &str) -> Option<String> {
        self.document.tree.text(self.node(table, key)?).map(str::to_owned)
    }

    fn texts(&self, table: &str, key: &str) -> Vec<(String, NodeId)> {
        let tree = &self.document.tree;
        let items = self.node(table, key).map(|list| tree.items(list)).unwrap_or_default();
        items.iter().filter_map(|&item| Some((tree.text(item)?.to_owned(), item))).collect()
    }

    fn problem(&mut self, node: NodeId, message: &str, help: &str) {
        let place = self.document.place(self.document.tree.place(node));
        self.config.findings.push(Finding::new(Code::InvalidValue, place, message).help(help));
    }

    fn read(&mut self) {
        let target = &mut self.config.target.clone();
        if let Some(api) = self.text("target", "api").and_then(|api| Target::parse(&api)) {
            target.api = api;
        }
        target.base_url = self.text("target", "base_url").map(|url| url.trim_end_matches('/').to_owned());
        self.base_url(target.api);
        target.external_task_id = target.api.finds_by_external_id()
            || self
                .node("target", "external_task_id")
                .is_some_and(|node| self.document.tree.node(node).kind == Kind::Bool(true));
        target.passes = self.texts("target", "passes").into_iter().map(|(name, _)| name).collect();
        if let Some(Kind::Int(seconds)) =
            self.node("target", "request_timeout").map(|node| &self.document.tree.node(node).kind)
        {
            target.request_timeout = u32::try_from(*seconds).unwrap_or(60).max(1);
        }
        self.auth(target);
        self.config.target = target.clone();
        if let Some(price) = self.node("prices", "usd_per_unit") {
            self.config.usd_per_unit = self.price(price).unwrap_or(USD_PER_UNIT);
        }
        self.levels();
        self.config.include = self.patterns("include");
        self.config.exclude = self.patterns("exclude");
        self.secrets();
    }

    /// An address that was copied with the path that is put behind it.
    fn base_url(&mut self, api: Target) {
        let (Some(url), Some(node)) = (self.text("target", "base_url"), self.node("target", "base_url")) else {
            return;
        };
        let url = url.trim_end_matches('/');
        let inside = api.paths().iter().filter_map(|path| url.find(path)).min();
        let last = api.path_ends().iter().find_map(|path| Some(url.strip_suffix(path)?.len()));
        if let Some(start) = inside.or(last) {
            let help = format!("write `{}`: clapboard adds the path itself", shown::words(&url[..start]));
            self.problem(node, "`base_url` is the service's address without the path of a request", &help);
        }
    }

    /// The price of a unit, if it is one.
    fn price(&mut self, node: NodeId) -> Option<f64> {
        const HIGHEST: f64 = 1_000_000.0;
        let price = match self.document.tree.node(node).kind {
            Kind::Int(price) => price as f64,
            Kind::Float(price) => price,
            _ => return None,
        };
        if price > HIGHEST {
            let place = self.document.place(self.document.tree.node(node).span);
            let finding = Finding::new(Code::OutOfRange, place, "`usd_per_unit` is no more than 1,000,000");
            self.config
                .findings
                .push(finding.help(format!("Kling's list price is {USD_PER_UNIT} US dollars for a unit")));
        }
        (0.0..=HIGHEST).contains(&price).then_some(price)
    }

    fn patterns(&mut self, key: &str) -> Vec<String> {
        let mut patterns = self.texts("files", key);
        patterns.retain(|(pattern, node)| {
            let is_pattern = !pattern.starts_with('!') && OverrideBuilder::new(".").add(pattern).is_ok();
            if !is_pattern {
                let help = "write one such as `films/**` or `*.storyboard.yaml`";
                self.problem(*node, "this is not a pattern of file names", help);
            }
            is_pattern
        });
        patterns.into_iter().map(|(pattern, _)| pattern).collect()
    }

    /// Where something else than a variable's name is written in place of one: most likely the key itself.
    fn key_in_place_of_name(&self) -> impl Iterator<Item = NodeId> {
        let nodes = KEY_VARIABLES.iter().filter_map(|key| self.node("target", key));
        nodes.filter(|&node| self.document.tree.text(node).is_some_and(|name| !is_variable(name)))
    }

    fn auth(&mut self, target: &mut TargetSettings) {
        let name = |key| self.text("target", key).filter(|name| is_variable(name));
        let pair = (name("access_key_env"), name("secret_key_env"));
        let key = name("api_key_env");
        target.auth = match (pair, key) {
            ((Some(access), Some(secret)), _) => Auth::Pair { access, secret },
            (_, Some(variable)) => Auth::Key { variable },
            _ => Auth::Key { variable: "KLING_API_KEY".into() },
        };
        for (one, other) in [("access_key_env", "secret_key_env"), ("secret_key_env", "access_key_env")] {
            let Some(node) = self.node("target", one) else { continue };
            if !target.api.takes_signed_tokens() {
                let help = match target.api {
                    Target::Gateway => "a gateway takes a bearer key: name its variable in `api_key_env`",
                    _ => {
                        "this API takes a bearer key: make one in Kling's console, and name its variable in `api_key_env`"
                    }
                };
                let signs = Target::Official;
                self.problem(node, &format!("`{one}` is for {} (`api = \"{}\"`)", signs.name(), signs.as_str()), help);
            } else if self.node("target", other).is_none() {
                self.problem(node, &format!("`{one}` needs `{other}` too"), &format!("add `{other}`"));
            }
        }
    }

    fn levels(&mut self) {
        for key in ["allow", "warn", "deny"] {
            for (name, node) in self.texts("lint", key) {
                match Code::parse(&name) {
                    _ if key == "deny" && matches!(&*name, "warning" | "all") => {
                        self.problem(node, &format!("there is no rule `{name}`"), "did you mean `warnings`?");
                    }
                    _ if key == "deny" && name == "warnings" => self.config.levels.deny_warnings = true,
                    Some(code) => {
                        let levels = &mut self.config.levels;
                        match key {
                            "allow" => levels.allow.push(code),
                            "warn" => levels.warn.push(code),
                            _ => levels.deny.push(code),
                        }
                    }
                    None => {
                        let place = self.document.place(self.document.tree.place(node));
                        self.config.findings.push(unknown_rule(place, &name));
                    }
                }
            }
        }
    }

    fn secrets(&mut self) {
        let hidden: Vec<NodeId> = self.key_in_place_of_name().collect();
        let places: Vec<_> = hidden.iter().map(|&node| self.document.tree.place(node)).collect();
        for place in &places {
            let message = "this is not the name of an environment variable, and may be the key itself";
            // Reported once: that the value does not have the form of a name is the same problem.
            let place_of = self.document.place(*place);
            self.config.findings.retain(|finding| finding.code != Code::InvalidValue || !finding.place.same(&place_of));
            let finding = Finding::new(Code::SecretInFile, place_of, message);
            self.config.findings.push(finding.help(
                "write the name of the variable that has the key, in capitals, as in `api_key_env = \"KLING_API_KEY\"`; if this is a \
                 key, make a new one where it came from",
            ));
        }
        for node in &self.document.tree.nodes {
            if let Kind::String(text) = &node.kind
                && secret::find(text).next().is_some()
                && !places.contains(&node.span)
            {
                let finding =
                    Finding::new(Code::SecretInFile, self.document.place(node.span), "this looks like an API key");
                self.config.findings.push(finding.help(
                    "take it out: the config names the environment variable that has the key, as in `api_key_env = \"KLING_API_KEY\"`",
                ));
            }
        }
    }
}
