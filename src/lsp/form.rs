//! The form of a storyboard or a config at one place, by its schema: which fields are there, which values, and what they mean.

use std::sync::LazyLock;

use serde_json::Value;

use super::cursor::Step;
use crate::language::schema::STORYBOARD;
use crate::project::SCHEMA as CONFIG;

static STORYBOARD_FORM: LazyLock<Value> = LazyLock::new(|| parse(STORYBOARD));
static CONFIG_FORM: LazyLock<Value> = LazyLock::new(|| parse(CONFIG));

/// Both are compiled in, and the tests read them.
fn parse(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}

/// What may be written at one place.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    root: &'static Value,
    schema: &'static Value,
}

/// One of the values that a field can have.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The value.
    pub value: &'static Value,
    /// Its meaning.
    pub about: Option<&'static str>,
}

/// Something ready to be written, with places to fill in.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// Its name.
    pub label: &'static str,
    /// Its kind.
    pub about: &'static str,
    /// The text to insert; it may have `${1:…}`.
    pub body: &'static Value,
}

impl Form {
    /// The form of a whole storyboard.
    pub fn storyboard() -> Self {
        Self { root: &STORYBOARD_FORM, schema: &STORYBOARD_FORM }
    }

    /// The form of a whole config.
    pub fn config() -> Self {
        Self { root: &CONFIG_FORM, schema: &CONFIG_FORM }
    }

    /// The form at the end of a way; `None` where the language knows nothing.
    pub fn at(self, way: &[Step]) -> Option<Self> {
        way.iter().try_fold(self, |form, step| form.step(step))
    }

    fn step(self, step: &Step) -> Option<Self> {
        let schema = match step {
            Step::Field(name) => {
                let own = self.schema.get("properties").and_then(|properties| properties.get(name));
                own.or_else(|| self.schema.get("additionalProperties").filter(|schema| schema.is_object()))?
            }
            Step::Item(_) => self.schema.get("items")?,
        };
        Some(Self { schema: self.resolved(schema), ..self })
    }

    /// A schema, or the one that it refers to.
    fn resolved(self, schema: &'static Value) -> &'static Value {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        target.and_then(|target| self.root.pointer(target)).unwrap_or(schema)
    }

    /// Its meaning, in Markdown.
    pub fn about(self) -> Option<&'static str> {
        self.schema.get("description")?.as_str()
    }

    /// The fields that the language knows here, with the form of each.
    pub fn fields(self) -> impl Iterator<Item = (&'static str, Form)> {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .map(move |(name, schema)| (&**name, Form { schema: self.resolved(schema), ..self }))
    }

    /// Whether it is a mapping: of known fields, or of names.
    pub fn has_fields(self) -> bool {
        self.is("object")
    }

    /// Whether a value of this JSON type may stand here.
    pub fn is(self, name: &str) -> bool {
        match self.schema.get("type") {
            Some(Value::String(only)) => only == name,
            Some(Value::Array(types)) => types.iter().any(|it| it == name),
            _ => false,
        }
    }

    /// Whether a field has to be there.
    pub fn requires(self, field: &str) -> bool {
        self.schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|it| it == field))
    }

    /// The values that may stand here, where they can be counted.
    pub fn choices(self) -> Vec<Choice> {
        let list = |name: &str| self.schema.get(name).and_then(Value::as_array).map_or(&[][..], |list| list);
        let (values, about) = (list("enum"), list("enumDescriptions"));
        let only = self.schema.get("const").into_iter().map(|value| Choice { value, about: self.about() });
        let choice = |(index, value)| Choice { value, about: about.get(index).and_then(Value::as_str) };
        values.iter().enumerate().map(choice).chain(only).collect()
    }

    /// The values that can be written here.
    pub fn snippets(self) -> Vec<Snippet> {
        let list = self.schema.get("defaultSnippets").and_then(Value::as_array).map_or(&[][..], |list| list);
        let snippet = |snippet: &'static Value| {
            let text = |name: &str| snippet.get(name).and_then(Value::as_str);
            Some(Snippet { label: text("label")?, about: text("description")?, body: snippet.get("body")? })
        };
        list.iter().filter_map(snippet).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_at_every_level_says_what_it_means() {
        fn look(form: Form, way: &str, silent: &mut Vec<String>, depth: usize) {
            for (name, field) in form.fields() {
                let way = format!("{way}.{name}");
                if field.about().is_none() {
                    silent.push(way.clone());
                }
                if depth < 8 {
                    look(field, &way, silent, depth + 1);
                    field.step(&Step::Item(0)).into_iter().for_each(|item| look(item, &way, silent, depth + 1));
                }
            }
        }
        let mut silent = Vec::new();
        look(Form::storyboard(), "", &mut silent, 0);
        look(Form::config(), "", &mut silent, 0);
        assert_eq!(silent, [""; 0]);
    }
}
