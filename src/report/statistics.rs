use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diagnostic::{Code, Report, Severity};
use crate::rules::Rule;

/// How often each rule was broken, errors and the most frequent first: count, severity, code, summary.
///
/// # Errors
/// `out` cannot be written.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        *counts.entry((diagnostic.severity, diagnostic.code)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|((severity, code), count)| (Reverse(*severity), Reverse(*count), *code));
    let digits = counts.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or(1);
    let longest = counts.iter().map(|((_, code), _)| code.as_str().len()).max().unwrap_or(0);
    for ((severity, code), count) in counts {
        let summary = Rule::of(code).document().summary;
        writeln!(out, "{count:>digits$}  {:7}  {code:longest$}  {summary}", severity.as_str())?;
    }
    Ok(())
}
