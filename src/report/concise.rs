use std::io::{self, Write};

use super::words::message;
use crate::diagnostic::Report;
use crate::text::shown;

/// `file:line:col: severity[code] message`, one line each.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let source = &diagnostic.place.source;
        let position = source.position(diagnostic.place.span.start());
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            shown::line(&source.name),
            position.line,
            position.column,
            diagnostic.severity.as_str(),
            diagnostic.code,
            shown::line(&message(diagnostic))
        )?;
    }
    Ok(())
}
