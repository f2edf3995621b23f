//! `invalid-value` and `out-of-range`: what a value may be, and what this one was meant for.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::Checker;
use super::path::{Segment, field, subject};
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::{model_name, words};
use crate::syntax::{Kind, NodeId};
use crate::text::{Format, near, shown};

impl<'c> Checker<'c> {
    pub(super) fn bad_name(&mut self, node: NodeId, path: &[Segment], error: &ValidationError<'_>) {
        let Value::String(name) = error.instance().as_ref() else { return };
        let Some(entry) = self.document.tree.entries(node).iter().find(|entry| &*entry.key == name.as_str()) else {
            return;
        };
        let (span, value) = (entry.key_span, entry.value);
        let shown = shown::words(name);
        let is_cast = matches!(path.last(), Some(Segment::Name(list)) if list == "cast");
        let what = if is_cast { "a cast member's name" } else { "a style's name" };
        self.shape.bad_names.insert(value);
        match error.kind() {
            ValidationErrorKind::MaxLength { limit } => {
                let length = name.chars().count();
                let message = format!("{what} has at most {limit} characters, and `{shown}` has {length}");
                self.report(Code::OutOfRange, span, message).help = Some("choose a shorter one".into());
            }
            _ => {
                let message = format!("`{shown}` cannot be {what}");
                let help = if is_cast {
                    "use letters, digits, `-` and `_`, begin with a letter and end without `-`, as in `old-piet`; the name that \
                     the prompt shows goes into `name`"
                } else {
                    "use letters, digits, `-` and `_`, and begin with a letter or digit, as in `cold-dawn`"
                };
                self.report(Code::InvalidValue, span, message).help = Some(help.into());
            }
        }
    }

    pub(super) fn not_a_choice(&mut self, node: NodeId, path: &[Segment], options: &Value) {
        let choices: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let written = self.document.tree.text(node).unwrap_or_default().to_owned();
        let shown = shown::words(&written);
        let field = field(path);
        let message = match field {
            "model" => format!("unknown model `{shown}`"),
            _ => format!("{} cannot be `{shown}`", subject(path)),
        };
        let tree_node = self.document.tree.node(node);
        let (span, style) = (tree_node.span, tree_node.style);
        let mut finding = Finding::new(Code::InvalidValue, self.document.place(span), message);
        if let Some((mapping, other)) = self.field_with_choice(node, path, &written) {
            self.misspells(mapping, other, (Code::InvalidValue, span));
            let pair = match self.document.source.format {
                Format::Yaml => format!("{other}: {shown}"),
                Format::Toml => format!("{other} = \"{shown}\""),
            };
            self.shape.findings.push(finding.help(format!("this is a `{other}`: write `{pair}`")));
            return;
        }
        let (help, fix) = meant(field, &written, &choices);
        finding.help = Some(help);
        if let Some(ours) = fix.filter(|_| self.form.fixes) {
            let edit = Edit { span, text: style.quote(&ours) };
            finding = finding.fix(Safety::Safe, format!("write `{ours}`"), vec![edit]);
        }
        self.shape.findings.push(finding);
    }

    /// The one field that has this very value among its choices and is not there yet, with the mapping that it belongs in: `model` for
    /// `mode: kling-v3`.
    fn field_with_choice(&mut self, node: NodeId, path: &[Segment], written: &str) -> Option<(NodeId, &'c str)> {
        let (_, group) = path.split_last()?;
        let mapping = self.parent(node)?;
        let form = self.form;
        let has_choice = |field: &&str| {
            let choices = form.field(group, field).and_then(|schema| schema.get("enum")?.as_array());
            choices.into_iter().flatten().any(|choice| choice == written)
        };
        let mut fields = form.fields(group).into_iter().filter(has_choice);
        let only = fields.next().filter(|_| fields.next().is_none())?;
        self.document.tree.get(mapping, only).is_none().then_some((mapping, only))
    }

    pub(super) fn bad_form(&mut self, node: NodeId, path: &[Segment]) {
        let span = self.document.tree.place(node);
        let style = self.document.tree.node(node).style;
        let written = self.document.tree.text(node).unwrap_or_default().to_owned();
        let shown = shown::words(&written);
        match field(path) {
            "duration" if !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.report(Code::OutOfRange, span, format!("a cut lasts at least 1 second, not {shown}")).help =
                    Some("write whole seconds, such as `3`".into());
            }
            "duration" => {
                let can_fix = self.form.fixes;
                let finding = self.report(Code::InvalidValue, span, format!("`{shown}` is not a number of seconds"));
                finding.help = Some("write whole seconds as a number, such as `5`".into());
                if let Some(seconds) = seconds(&written) {
                    finding.help = Some(format!("write `{seconds}`"));
                    if can_fix {
                        let edits = vec![Edit { span, text: style.quote(&seconds) }];
                        *finding = finding.clone().fix(Safety::Safe, format!("write `{seconds}`"), edits);
                    }
                }
            }
            "id" => {
                let help = match identifier(&written) {
                    Some(id) => format!("it names the clip's file: use letters, digits, `-` and `_`, as in `{id}`"),
                    None => "it names the clip's file: use letters, digits, `-` and `_`, as in `harbour-010`".into(),
                };
                self.report(Code::InvalidValue, span, format!("`{shown}` cannot be an id")).help = Some(help);
            }
            name if !self.form.fixes && name.ends_with("_env") => {
                let message =
                    format!("{} must name an environment variable, and this may be the key itself", subject(path));
                self.report(Code::SecretInFile, span, message).help =
                    Some("write the variable's name, such as `KLING_API_KEY`; if it was a key, make a new one".into());
            }
            "first_frame" | "last_frame" | "still" | "mask" => {
                let scheme = written.split("://").next().unwrap_or_default();
                let message = format!("Kling cannot fetch a picture from a `{}://` address", shown::words(scheme));
                self.report(Code::InvalidValue, span, message).help =
                    Some("give a path relative to this file, or an https:// address".into());
            }
            "style" | "add_style" | "voices" => {
                let message = format!("`{shown}` cannot be a name");
                self.report(Code::InvalidValue, span, message).help =
                    Some("a name has letters, digits, `-` and `_`, as in `film`".into());
            }
            _ => {
                let message = format!("{} cannot be `{shown}`", subject(path));
                self.report(Code::InvalidValue, span, message).help =
                    Some("docs/language.md has the form of each field".into());
            }
        }
    }

    pub(super) fn out_of_range(&mut self, node: NodeId, path: &[Segment], kind: &ValidationErrorKind) {
        let span = self.document.tree.place(node);
        let written = self.written(node);
        let subject = subject(path);
        let count = match &self.document.tree.node(node).kind {
            Kind::Sequence(items) => items.len(),
            Kind::Mapping(mapping) => mapping.entries.len(),
            Kind::String(text) => text.chars().count(),
            _ => 0,
        };
        let is_point = matches!(path, [.., Segment::Name(list), Segment::Index] if list == "path");
        let (message, help) = match kind {
            ValidationErrorKind::Minimum { limit } => {
                (format!("{subject} must be at least {limit}, not {written}"), format!("write {limit} or more"))
            }
            ValidationErrorKind::Maximum { limit } => {
                (format!("{subject} must be at most {limit}, not {written}"), format!("write {limit} or less"))
            }
            ValidationErrorKind::ExclusiveMinimum { limit } => (
                format!("{subject} must be more than {limit}, not {written}"),
                "write a larger number, or remove the line for no limit".into(),
            ),
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MaxItems { .. } if is_point => {
                (format!("a point is two numbers, x and y, and this has {count}"), "write `[x, y]`".into())
            }
            ValidationErrorKind::MinItems { limit } => {
                let verb = if count == 1 { "is" } else { "are" };
                (
                    format!("{subject} needs at least {limit}, and there {verb} {count}"),
                    "add what is missing, or remove the field".into(),
                )
            }
            ValidationErrorKind::MaxItems { limit } => (
                format!("{subject} can have at most {limit}, and there are {count}"),
                "leave some out, or make another shot of them".into(),
            ),
            ValidationErrorKind::MaxLength { limit } => (
                format!("{subject} can have at most {limit} characters, and this has {count}"),
                "choose a shorter one".into(),
            ),
            ValidationErrorKind::MinProperties { .. } | ValidationErrorKind::MaxProperties { .. } => (
                format!("a line has one speaker and one text, and this has {count}"),
                "write each line as an item of its own: `- mara: I swore a lot of things.`".into(),
            ),
            _ => (format!("{subject} cannot be `{written}`"), "docs/language.md has the form of each field".into()),
        };
        self.report(Code::OutOfRange, span, message).help = Some(help);
    }
}

/// The help for a value that is none of the choices of a field, and the choice that only its spelling misses.
pub(super) fn meant(field: &str, written: &str, choices: &[&str]) -> (String, Option<String>) {
    match field {
        "model" => meant_model(written, choices),
        _ => meant_choice(field, written, choices),
    }
}

/// The help for an unknown model, and the model where only its spelling is off.
fn meant_model(written: &str, models: &[&str]) -> (String, Option<String>) {
    let Some(read) = model_name::read(written, models) else {
        // No version that we have: letters alone do not say which model is meant.
        let list: Vec<_> = models.iter().map(|model| format!("`{model}`")).collect();
        return (format!("the models are {}", list.join(", ")), None);
    };
    let model = read.model;
    let is_slip = near::distance(written, model).is_some() && read.mode.is_none();
    let help = match read.mode {
        Some(mode) => format!("write `{model}` here, and `{mode}` as the `mode`: `mode: {mode}`"),
        None => format!("did you mean `{model}`?"),
    };
    (help, (read.is_exact || is_slip).then(|| model.to_owned()))
}

fn meant_choice(field: &str, written: &str, choices: &[&str]) -> (String, Option<String>) {
    let list = choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ");
    let folded = words::fold(written);
    let same = choices.iter().copied().find(|choice| words::fold(choice) == folded);
    if let Some(ours) = same.or_else(|| words::value(field, written).filter(|ours| choices.contains(ours))) {
        return (format!("write `{ours}`"), Some(ours.to_owned()));
    }
    match near::near(written, choices.iter().copied())[..] {
        [] => (format!("it can be {list}"), None),
        [only] => (format!("did you mean `{only}`? It can be {list}"), Some(only.to_owned())),
        // Where it could be meant for several, only the writer knows which.
        ref several => {
            let several: Vec<_> = several.iter().map(|near| format!("`{near}`")).collect();
            (format!("did you mean {}? It can be {list}", several.join(" or ")), None)
        }
    }
}

/// `10s`, `5 seconds`, `0:05`: the seconds that are meant.
fn seconds(written: &str) -> Option<String> {
    let text = written.trim().to_lowercase();
    let clock = text.strip_prefix("00:").or_else(|| text.strip_prefix("0:"));
    let (digits, unit) = match clock {
        Some(rest) => (rest, ""),
        None => text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())),
    };
    let is_unit = matches!(unit.trim().trim_end_matches('.'), "" | "s" | "sec" | "secs" | "second" | "seconds");
    let number: u32 = digits.parse().ok()?;
    (is_unit && (1..=999).contains(&number)).then(|| number.to_string())
}

/// A text as an id, where something is left of it.
fn identifier(written: &str) -> Option<String> {
    let short: String = written.trim().to_lowercase().chars().take(40).collect();
    let words: Vec<&str> =
        short.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let id = words.join("-");
    id.starts_with(|c: char| c.is_ascii_alphanumeric()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_out_of_their_units() {
        let cases = [("10s", Some("10")), ("5 seconds", Some("5")), ("0:05", Some("5")), ("08 sec.", Some("8"))];
        for (written, expected) in cases {
            assert_eq!(seconds(written).as_deref(), expected, "{written}");
        }
        for written in ["five", "10m", "s", "0s", "1:30", ""] {
            assert_eq!(seconds(written), None, "{written}");
        }
    }
}
