//! `unknown-field`: what a key was meant for, and what to write.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::Checker;
use super::path::{Segment, level, noun};
use super::values::meant;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::names::is_style_name;
use crate::language::words::{self, Level, Meaning};
use crate::syntax::{Entry, Kind, NodeId};
use crate::text::shown;
use crate::text::{Format, near};

/// The likely meaning of an unknown field.
enum Meant<'f> {
    /// A word of others for a field of ours whose value is written alike.
    Synonym(&'f str),
    /// A field of ours, or near one, whose value is written another way; says how.
    Elsewhere(&'f str, &'static str),
    /// A slip of the pen, with how many letters off and whether only one field is so near.
    Near { field: &'f str, is_only: bool, letters: usize },
    /// A comment, as other languages write it.
    Comment,
    /// Something that Kling does not have; why.
    NotAtKling(&'static str),
    /// Nobody knows.
    Nothing,
}

impl Checker<'_> {
    pub(super) fn unknown_fields(&mut self, node: NodeId, path: &[Segment], unexpected: &[String]) {
        let unexpected: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
        let tree = &self.document.tree;
        let entries: Vec<Entry> = tree
            .entries(node)
            .iter()
            .filter(|entry| unexpected.contains(&*entry.key))
            // A line that could not be read, and was reported as that.
            .filter(|entry| !matches!(tree.node(entry.value).kind, Kind::Broken))
            .cloned()
            .collect();
        let entries = self.of_another_level(node, path, entries);
        // The same for all of them, and it takes a look at every entry that is there.
        let others = OnceCell::new();
        for entry in entries {
            self.unknown_field(node, path, &entry, &others);
        }
    }

    fn unknown_field(&mut self, node: NodeId, path: &[Segment], entry: &Entry, others: &OnceCell<String>) {
        let group = noun(path, self.form.noun).into_owned();
        let fields = self.form.fields(path);
        let shown = shown::words(&entry.key);
        let cause = (Code::UnknownField, entry.key_span);
        let place = self.document.place(entry.key_span);
        let mut finding = Finding::new(cause.0, place, format!("{group} has no field `{shown}`"));
        match self.meant(node, path, entry, &fields) {
            Meant::Synonym(ours) => {
                finding.help = Some(format!("here it is called `{ours}`"));
                finding = self.rename(finding, node, path, entry, ours, Safety::Safe);
            }
            Meant::Elsewhere(ours, how) => {
                finding.help = Some(how.to_owned());
                self.suggest(node, ours, cause);
                if ours == "defaults" {
                    self.suggest(node, &entry.key, cause);
                }
            }
            Meant::Near { field, is_only, letters } => {
                finding.help = Some(format!("did you mean `{field}`?"));
                let fits = self.fits(path, field, entry.value);
                let is_slip = letters == 1 && is_only && fits;
                if is_slip {
                    self.misspells(node, field, cause);
                }
                let safety = if is_slip && field.len() >= 5 { Safety::Safe } else { Safety::Unsafe };
                if is_only {
                    finding = self.rename(finding, node, path, entry, field, safety);
                } else {
                    self.suggest(node, field, cause);
                }
            }
            Meant::Comment => finding.help = Some("a comment begins with `#`".into()),
            Meant::NotAtKling(why) => finding.help = Some(format!("remove it: {why}")),
            Meant::Nothing => {
                finding.help = Some(others.get_or_init(|| self.what_may_stand(node, path, &group, &fields)).clone());
            }
        }
        self.shape.findings.push(finding);
    }

    /// Offers to rename the key; a value that our field has under another word is changed with it.
    fn rename(
        &mut self,
        mut finding: Finding,
        node: NodeId,
        path: &[Segment],
        entry: &Entry,
        ours: &str,
        safety: Safety,
    ) -> Finding {
        let is_taken = self.shape.is_suggested(node, ours) || self.document.tree.get(node, ours).is_some();
        self.suggest(node, ours, (finding.code, entry.key_span));
        if is_taken {
            finding.help = Some(format!("this is a second `{ours}`: keep one of the two"));
            return finding;
        }
        let fits = self.fits(path, ours, entry.value);
        if !self.form.fixes || (safety == Safety::Safe && !fits) {
            return finding;
        }
        let mut edits = vec![Edit { span: entry.key_span, text: entry.key_style.quote(ours) }];
        let value = self.document.tree.node(entry.value);
        if let Some(word) = self.choice(path, ours, entry.value) {
            edits.push(Edit { span: value.span, text: value.style.quote(&word) });
        }
        finding.fix(safety, format!("rename `{}` to `{ours}`", shown::words(&entry.key)), edits)
    }

    /// The choice of our field that a value says in other words.
    fn choice(&self, path: &[Segment], field: &str, value: NodeId) -> Option<String> {
        let choices = self.form.field(path, field)?.get("enum")?.as_array()?;
        let choices: Vec<&str> = choices.iter().filter_map(serde_json::Value::as_str).collect();
        let text = self.document.tree.text(value).filter(|text| !choices.contains(text))?;
        meant(field, text, &choices).1
    }

    /// Whether a value has the type of our field, and is one of its choices where it has some.
    fn fits(&self, path: &[Segment], field: &str, value: NodeId) -> bool {
        let Some(schema) = self.form.field(path, field) else { return false };
        let kind = &self.document.tree.node(value).kind;
        let allows = |name: &str| match &schema["type"] {
            serde_json::Value::Null => true,
            serde_json::Value::Array(types) => types.iter().any(|allowed| allowed == name),
            only => only == name,
        };
        let has_type = match kind {
            Kind::Bool(_) => allows("boolean"),
            Kind::Int(_) => allows("integer") || allows("number"),
            Kind::Float(_) => allows("number"),
            Kind::String(_) => allows("string"),
            Kind::Sequence(_) => allows("array"),
            Kind::Mapping(_) => allows("object"),
            Kind::Null | Kind::Date | Kind::Broken => false,
        };
        match (kind, schema.get("enum").and_then(serde_json::Value::as_array)) {
            (Kind::String(text), Some(choices)) => {
                choices.iter().any(|choice| choice == &**text) || self.choice(path, field, value).is_some()
            }
            (Kind::String(text), None) if field == "duration" => text.bytes().all(|byte| byte.is_ascii_digit()),
            (Kind::Int(number), None) if field == "id" => *number >= 0,
            (Kind::Int(_), None) if field == "storyboard" => schema["const"] == 1 && *kind == Kind::Int(1),
            _ => has_type,
        }
    }

    fn meant<'f>(&mut self, node: NodeId, path: &[Segment], entry: &Entry, fields: &[&'f str]) -> Meant<'f> {
        let key = &*entry.key;
        let ours = |ours: &str| fields.iter().copied().find(|field| *field == ours);
        if key.starts_with(['/', ';', '<']) {
            return Meant::Comment;
        }
        // `style` with several styles below it.
        if matches!(self.document.tree.node(entry.value).kind, Kind::Mapping(_) | Kind::Sequence(_))
            && let Some(field) = ours(&format!("{key}s"))
            && self.fits(path, field, entry.value)
        {
            return Meant::Near { field, is_only: true, letters: 1 };
        }
        let level = level(path, !self.form.fixes);
        match level.and_then(|level| words::meaning(level, key)) {
            // `- shot: ferry-010` beside a prompt.
            Some(Meaning::Field(name)) if self.is_name_of_shot(node, entry, name) && ours("id").is_some() => {
                return Meant::Synonym(ours("id").unwrap_or_default());
            }
            Some(Meaning::Field(name)) if ours(name).is_some() => {
                return Meant::Synonym(ours(name).unwrap_or_default());
            }
            Some(Meaning::Elsewhere(name, how)) if ours(name).is_some() => {
                return Meant::Elsewhere(ours(name).unwrap_or_default(), how);
            }
            Some(Meaning::Nothing(why)) => return Meant::NotAtKling(why),
            _ => {}
        }
        let folded = words::fold(key);
        if let Some(same) = fields.iter().copied().find(|field| words::fold(field) == folded) {
            return Meant::Synonym(same);
        }
        if words::OF_THEIR_OWN.contains(&&*folded) {
            return Meant::Nothing;
        }
        let near = near::near(key, fields.iter().copied());
        let fitting: Vec<&str> = near.iter().copied().filter(|field| self.fits(path, field, entry.value)).collect();
        let letters = |field| near::distance(key, field).unwrap_or(2);
        match (&near[..], &fitting[..]) {
            ([field], _) | (_, [field]) => Meant::Near { field, is_only: true, letters: letters(field) },
            ([field, ..], _) => Meant::Near { field, is_only: false, letters: letters(field) },
            _ => Meant::Nothing,
        }
    }

    /// Whether what would be a second `field` can only be the name of a shot that has none.
    fn is_name_of_shot(&self, node: NodeId, entry: &Entry, field: &str) -> bool {
        let tree = &self.document.tree;
        let lacks_id = tree.get(node, "id").is_none() && tree.get(node, field).is_some();
        lacks_id && field == "prompt" && tree.text(entry.value).is_some_and(is_style_name)
    }

    /// The likeliest fields that are not there yet, in one line.
    fn what_may_stand(&self, node: NodeId, path: &[Segment], group: &str, fields: &[&str]) -> String {
        const MOST: usize = 5;
        let likeliest: &[&str] = match level(path, !self.form.fixes) {
            Some(Level::Film) => &["title", "defaults", "styles", "cast", "shots"],
            Some(Level::Scene) => &["heading", "defaults", "shots", "notes"],
            Some(Level::Shot) => &["prompt", "first_frame", "duration", "camera", "lines", "style", "notes"],
            Some(Level::Settings) => &["model", "mode", "duration", "style", "negative_prompt"],
            Some(Level::Cut) => &["duration", "prompt", "style", "notes"],
            _ => &[],
        };
        let is_free = |field: &&&str| self.document.tree.get(node, field).is_none();
        let mut named: Vec<&str> = likeliest.iter().filter(is_free).copied().take(MOST).collect();
        let is_whole = likeliest.is_empty() && fields.len() <= 2 * MOST;
        if likeliest.is_empty() {
            named = fields.iter().copied().take(2 * MOST).collect();
        }
        if named.is_empty() {
            named = fields.iter().filter(is_free).copied().take(MOST).collect();
        }
        let named: Vec<_> = named.iter().map(|field| format!("`{field}`")).collect();
        let rest = if is_whole { "" } else { ", and more (docs/language.md has all)" };
        let own = if self.form.fixes { "; a note of your own goes into `notes`" } else { "" };
        format!("{group} can have {}{rest}{own}", named.join(", "))
    }

    /// Keys that belong one level up, because an indentation or a TOML header put them here: one finding for all of them. Gives
    /// back the others.
    fn of_another_level(&mut self, node: NodeId, path: &[Segment], entries: Vec<Entry>) -> Vec<Entry> {
        if !self.form.fixes {
            return entries;
        }
        let toml = self.document.source.format == Format::Toml;
        // A table in braces is below no header.
        let has_header = toml && !self.document.source.slice(self.document.tree.node(node).span).starts_with('{');
        let root = self.document.tree.root();
        let (belong, message, help): (fn(&str) -> bool, &str, &str) = match path {
            // `title` on a shot that has no id is a word for that.
            [Segment::Name(list), ..] if has_header && matches!(&**list, "shots" | "scenes") => (
                |key| matches!(key, "storyboard" | "title" | "extends" | "budget"),
                "to the film, but TOML gives every line below a header to that header",
                "move it to the top of the file, above the first `[…]`",
            ),
            [] if !toml && self.has_empty("defaults") => (
                |key| words::meaning(Level::Film, key).is_some_and(|meaning| meaning.field() == Some("defaults")),
                "to `defaults`, but the indentation says otherwise",
                "indent it by two spaces",
            ),
            _ => return entries,
        };
        let lacks_id = self.document.tree.get(node, "id").is_none();
        let (these, others): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| belong(&entry.key) && !(&*entry.key == "title" && lacks_id));
        let Some(first) = these.first() else { return others };
        let names: Vec<_> = these.iter().map(|entry| format!("`{}`", entry.key)).collect();
        let verb = if names.len() == 1 { "belongs" } else { "belong" };
        let place = self.document.place(first.key_span);
        let mut finding = Finding::new(Code::UnknownField, place, format!("{} {verb} {message}", names.join(", ")));
        finding.help = Some(help.replace("it ", if names.len() == 1 { "it " } else { "them " }));
        for entry in &these[1..] {
            finding = finding.label(self.document.place(entry.key_span), format!("`{}` too", entry.key));
        }
        for entry in &these {
            root.into_iter().for_each(|root| self.suggest(root, &entry.key, (Code::UnknownField, first.key_span)));
        }
        self.shape.findings.push(finding);
        others
    }

    /// Whether the film has a field with nothing behind it.
    fn has_empty(&self, field: &str) -> bool {
        let tree = &self.document.tree;
        let entries = tree.root().map(|root| tree.entries(root)).unwrap_or_default();
        entries.iter().any(|entry| &*entry.key == field && tree.is_null(entry.value))
    }
}
