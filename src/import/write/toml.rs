//! A storyboard as TOML.

use serde_json::{Map, Number, Value};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table};

/// Groups and lists that get a header of their own; every other group is on one line, which keeps its fields in order.
const TABLES: &[&str] = &["budget", "defaults", "styles", "cast", "brush"];
const LISTS_OF_TABLES: &[&str] = &["scenes", "shots", "cuts", "move"];

pub(super) fn write(film: &Map<String, Value>) -> Result<String, String> {
    let mut document = DocumentMut::new();
    *document.as_table_mut() = table(film)?;
    Ok(document.to_string())
}

/// A table whose plain fields come first, for whatever follows a header belongs to that header.
fn table(fields: &Map<String, Value>) -> Result<Table, String> {
    let mut table = Table::new();
    for (name, value) in fields.iter().filter(|(name, value)| !has_header(name, value)) {
        table.insert(name, Item::Value(value_of(value)?));
    }
    for (name, value) in fields.iter().filter(|(name, value)| has_header(name, value)) {
        let item = match value {
            Value::Object(fields) => Item::Table(self::table(fields)?),
            value => {
                let items = value.as_array().into_iter().flatten().filter_map(Value::as_object);
                Item::ArrayOfTables(items.map(self::table).collect::<Result<ArrayOfTables, _>>()?)
            }
        };
        table.insert(name, item);
    }
    Ok(table)
}

fn has_header(name: &str, value: &Value) -> bool {
    match value {
        Value::Object(_) => TABLES.contains(&name),
        Value::Array(items) => LISTS_OF_TABLES.contains(&name) && items.iter().all(Value::is_object),
        _ => false,
    }
}

fn value_of(value: &Value) -> Result<toml_edit::Value, String> {
    Ok(match value {
        Value::Null => return Err("TOML has no null".into()),
        Value::Bool(is_true) => (*is_true).into(),
        Value::Number(number) => number_of(number).ok_or_else(|| format!("TOML has no number {number}"))?,
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => toml_edit::Value::Array(items.iter().map(value_of).collect::<Result<Array, _>>()?),
        Value::Object(fields) => {
            let mut table = InlineTable::new();
            for (name, value) in fields {
                table.insert(name, value_of(value)?);
            }
            toml_edit::Value::InlineTable(table)
        }
    })
}

fn number_of(number: &Number) -> Option<toml_edit::Value> {
    match number.as_i64() {
        Some(whole) => Some(whole.into()),
        None => number.as_f64().filter(|_| !number.is_u64()).map(Into::into),
    }
}
