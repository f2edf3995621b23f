//! Values of flags that several commands take, and values that the shell may complete although other ones are accepted too.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};

use clapboard::diagnostic::Code;

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// JSON, for programs
    Json,
}

/// How a result is printed that may also become part of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PageFormat {
    /// For people
    Human,
    /// JSON, for programs
    Json,
    /// Markdown, for the comment of a pull request or a page of documentation
    Markdown,
}

/// A parser, and the values to offer for completion.
#[derive(Clone)]
pub struct Offering<P> {
    pub parser: P,
    pub values: fn() -> Vec<PossibleValue>,
}

impl<P: TypedValueParser> TypedValueParser for Offering<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<P::Value, clap::Error> {
        self.parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.values)().into_iter()))
    }
}

/// The codes of all rules.
pub fn codes() -> Vec<PossibleValue> {
    Code::ALL.iter().map(|code| PossibleValue::new(code.as_str())).collect()
}

/// The codes of all rules, and `warnings`.
pub fn codes_and_warnings() -> Vec<PossibleValue> {
    codes().into_iter().chain([PossibleValue::new("warnings")]).collect()
}
