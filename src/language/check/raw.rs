//! Numbers under `kling`, which are sent as they are: JSON has to be able to carry them.

use std::collections::HashSet;

use super::Checker;
use crate::diagnostic::Code;
use crate::syntax::{Kind, NodeId};
use crate::text::shown;

impl Checker<'_> {
    /// Reports numbers that JSON has not, or that would be sent as another number.
    pub(super) fn raw_numbers(&mut self) {
        let tree = &self.document.tree;
        let raw = tree.nodes.iter().flat_map(|node| match &node.kind {
            Kind::Mapping(mapping) => {
                mapping.entries.iter().filter(|entry| &*entry.key == "kling").map(|e| e.value).collect()
            }
            _ => Vec::new(),
        });
        let mut found: Vec<(NodeId, NodeId)> = Vec::new();
        for kling in raw.collect::<HashSet<_>>() {
            let (mut open, mut seen) = (vec![kling], HashSet::new());
            while let Some(node) = open.pop() {
                if seen.insert(node) {
                    open.extend(tree.items(node));
                    open.extend(tree.entries(node).iter().map(|entry| entry.value));
                    found.extend(self.is_lossy(node).then_some((kling, node)));
                }
            }
        }
        found.sort_by_key(|(_, node)| *node);
        found.dedup_by_key(|(_, node)| *node);
        for (kling, node) in found {
            self.shape.rejected.insert(kling);
            let node = self.document.tree.node(node);
            let written = shown::words(self.document.source.slice(node.span));
            let message = format!("`{written}` cannot be sent: JSON has no such number, or not all of its digits");
            let help = "put it in quotes to send it as text, or write a number that fits in 64 bits";
            self.report(Code::InvalidValue, node.span, message).help = Some(help.into());
        }
    }

    fn is_lossy(&self, node: NodeId) -> bool {
        let node = self.document.tree.node(node);
        let Kind::Float(number) = node.kind else { return false };
        let written = self.document.source.slice(node.span);
        let is_integer = !written.contains(['.', 'e', 'E']) || written.starts_with("0x");
        !number.is_finite() || (is_integer && written.parse::<u64>().is_err())
    }
}
