//! JSON inside of something else: a program, a letter, a log.

use super::json;
use super::node::Node;

/// The outermost groups and lists of a text that can be read as JSON, in order.
pub(super) fn values(text: &str) -> Vec<Node> {
    // What can be tried in vain before a text counts as one without JSON.
    const MOST_BYTES: usize = 64 << 20;
    let mut values = Vec::new();
    let mut tried = 0;
    let (mut at, mut line) = (0, 1);
    while let Some(next) = text[at..].find('{').map(|length| at + length) {
        line += text[at..next].bytes().filter(|byte| *byte == b'\n').count();
        match json::value_at(text, next, line) {
            Some((node, end)) => {
                line += text[next..end].bytes().filter(|byte| *byte == b'\n').count();
                values.push(node);
                at = end;
            }
            None => {
                tried += text.len() - next;
                if tried > MOST_BYTES {
                    break;
                }
                at = next + 1;
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_in_a_program() {
        let text = "async function go() {\n  await fetch(url, { method: 'POST', body: JSON.stringify({\n    prompt: 'Fog.',\n  }) });\n}\n";
        let found = values(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].get("prompt")), (2, Some(&Node::text(3, "Fog."))));
        assert!(values(&"{".repeat(20_000)).is_empty());
    }
}
