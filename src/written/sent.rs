//! Which texts of a document are sent to Kling, by where they are written.

use std::collections::HashSet;

use crate::syntax::{Document, NodeId, Tree};

/// The texts that a request is made of: prompts, spoken lines, styles, looks, camera words and negative prompts.
pub(super) fn texts(document: &Document) -> Vec<NodeId> {
    let tree = &document.tree;
    let Some(root) = tree.root() else { return Vec::new() };
    let mut found: Vec<NodeId> = Vec::new();
    let styles = tree.get(root, "styles").map(|styles| tree.entries(styles)).unwrap_or_default();
    found.extend(styles.iter().map(|entry| entry.value));
    let cast = tree.get(root, "cast").map(|cast| tree.entries(cast)).unwrap_or_default();
    found.extend(cast.iter().filter_map(|entry| tree.get(entry.value, "look")));
    settings(tree, root, &mut found);
    for &scene in tree.get(root, "scenes").map(|scenes| tree.items(scenes)).unwrap_or_default() {
        settings(tree, scene, &mut found);
    }
    // An anchored text may be reached in several ways.
    let mut seen = HashSet::new();
    found.retain(|&node| tree.text(node).is_some() && seen.insert(node));
    found.sort_by_key(|&node| tree.node(node).span);
    found
}

/// The texts below a film or scene.
fn settings(tree: &Tree, holder: NodeId, found: &mut Vec<NodeId>) {
    const OF_SETTINGS: [&str; 2] = ["negative_prompt", "camera"];
    let of = |node: NodeId, names: &[&str]| names.iter().filter_map(|name| tree.get(node, name)).collect::<Vec<_>>();
    found.extend(tree.get(holder, "defaults").into_iter().flat_map(|defaults| of(defaults, &OF_SETTINGS)));
    for &shot in tree.get(holder, "shots").map(|shots| tree.items(shots)).unwrap_or_default() {
        found.extend(of(shot, &OF_SETTINGS));
        found.extend(tree.get(shot, "prompt"));
        for &line in tree.get(shot, "lines").map(|lines| tree.items(lines)).unwrap_or_default() {
            for entry in tree.entries(line) {
                found.push(entry.value);
                found.extend(of(entry.value, &["text", "manner"]));
            }
        }
        let cuts = tree.get(shot, "cuts").map(|cuts| tree.items(cuts)).unwrap_or_default();
        found.extend(cuts.iter().filter_map(|&cut| tree.get(cut, "prompt")));
    }
}
