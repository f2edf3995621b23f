use std::fmt::Write;

use crate::diagnostic::Safety;

use super::RULES;

/// All documents as one page: `docs/rules.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# The rules\n\n<!-- Made from src/rules/*.md and src/written/*.md by `UPDATE=1 cargo test --test suite -- generated`. -->\n\nEvery diagnostic has one of these \
         codes; a code is never renamed or reused. `clapboard explain CODE` shows the same in a terminal.\n\n\
         | code | | what is wrong | fix |\n| --- | --- | --- | --- |\n",
    );
    for rule in RULES {
        let code = rule.code;
        let always = if code.can_be_silenced() { "" } else { ", always" };
        let fix = code.fix().map_or("", Safety::as_str);
        let summary = rule.document().summary.replace('|', "\\|");
        let _ = writeln!(page, "| [`{code}`](#{code}) | {}{always} | {summary} | {fix} |", code.severity().as_str());
    }
    for rule in RULES {
        // One level deeper: the page has a title of its own.
        let mut in_fence = false;
        page.push('\n');
        for line in rule.markdown.trim_end().lines() {
            in_fence ^= line.starts_with("```");
            let deeper = if line.starts_with('#') && !in_fence { "#" } else { "" };
            let _ = writeln!(page, "{deeper}{line}");
        }
    }
    page
}
