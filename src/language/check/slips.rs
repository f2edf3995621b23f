//! Slips of a whole part, which the schema would report once for each of its fields: recognised first, reported once, and what
//! is inside is left alone.

use std::collections::HashSet;

use super::Checker;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::kling::{Axis, Preset};
use crate::syntax::NodeId;
use crate::text::shown;

impl Checker<'_> {
    /// Reports such slips. Gives back every node that they explain.
    pub(super) fn slips(&mut self, root: NodeId) -> HashSet<NodeId> {
        let mut explained = HashSet::new();
        if !self.form.fixes {
            return explained;
        }
        let tree = &self.document.tree;
        let mut roots = Vec::new();
        if let Some(scenes) = tree.get(root, "scenes").filter(|&scenes| self.are_shots(scenes)) {
            self.scenes_meant_as_shots(root, scenes);
            roots.push(scenes);
        }
        for camera in self.cameras(root) {
            if self.camera_in_klings_form(camera) {
                roots.push(camera);
            }
        }
        while let Some(node) = roots.pop() {
            if explained.insert(node) {
                let tree = &self.document.tree;
                roots.extend(tree.items(node));
                roots.extend(tree.entries(node).iter().map(|entry| entry.value));
            }
        }
        explained
    }

    /// Whether the scenes have what shots have, and no shots.
    fn are_shots(&self, scenes: NodeId) -> bool {
        let tree = &self.document.tree;
        let items = tree.items(scenes);
        let has = |item: &NodeId, words: &[&str]| words.iter().any(|word| tree.get(*item, word).is_some());
        !items.is_empty()
            && !items.iter().any(|item| has(item, &["shots", "clips", "frames", "beats", "panels"]))
            && items.iter().any(|item| {
                has(item, &["prompt", "first_frame", "image", "video_prompt", "image_prompt", "visual_prompt", "cuts"])
            })
    }

    fn scenes_meant_as_shots(&mut self, root: NodeId, scenes: NodeId) {
        let tree = &self.document.tree;
        let Some(entry) = tree.entries(root).iter().find(|entry| entry.value == scenes).cloned() else { return };
        let count = tree.items(scenes).len();
        let has_shots = tree.get(root, "shots").is_some();
        let message = format!(
            "a scene groups shots, and {} of `scenes` has a picture or prompt of its own",
            match count {
                1 => "the item".to_owned(),
                count => format!("each of the {count} items"),
            }
        );
        let mut finding = Finding::new(Code::UnknownField, self.document.place(entry.key_span), message);
        finding.help = Some("call this list `shots`: each of its items is one clip".into());
        let text = self.document.source.slice(entry.key_span);
        if !has_shots && text == "scenes" && self.document.source.format == crate::text::Format::Yaml {
            let edits = vec![Edit { span: entry.key_span, text: "shots".into() }];
            finding = finding.fix(Safety::Safe, "rename `scenes` to `shots`", edits);
        }
        self.shape.findings.push(finding);
        self.shape.incomplete = true;
    }

    /// Every `camera` that is a mapping.
    fn cameras(&self, root: NodeId) -> Vec<NodeId> {
        let tree = &self.document.tree;
        let mut holders: Vec<NodeId> = tree.get(root, "defaults").into_iter().collect();
        let scenes = tree.get(root, "scenes").map(|scenes| tree.items(scenes)).unwrap_or_default();
        for &scene in [root].iter().chain(scenes) {
            holders.extend(tree.get(scene, "defaults"));
            holders.extend(tree.get(scene, "shots").into_iter().flat_map(|shots| tree.items(shots).iter().copied()));
        }
        let cameras = holders.into_iter().filter_map(|holder| tree.get(holder, "camera"));
        let mut seen = HashSet::new();
        cameras.filter(|&camera| !tree.entries(camera).is_empty() && seen.insert(camera)).collect()
    }

    /// `camera: { type: simple, config: { zoom: 5 } }`, as Kling's own pages write it.
    fn camera_in_klings_form(&mut self, camera: NodeId) -> bool {
        let tree = &self.document.tree;
        let Some(kind) = tree.get(camera, "type").and_then(|kind| tree.text(kind)) else { return false };
        let config = tree.get(camera, "config");
        let axes: Vec<(&str, String)> = config
            .map(|config| tree.entries(config))
            .unwrap_or_default()
            .iter()
            .filter(|entry| Axis::parse(&entry.key).is_some())
            .map(|entry| (&*entry.key, shown::words(self.document.source.slice(tree.node(entry.value).span))))
            .filter(|(_, number)| number.parse::<f64>().is_ok_and(|number| number != 0.0))
            .collect();
        let ours = match (Preset::parse(kind), &axes[..]) {
            (Some(preset), _) => Some(format!("preset: {preset}")),
            (None, [(axis, number)]) => Some(format!("{axis}: {number}")),
            _ => None,
        };
        let span =
            tree.entries(camera).iter().find(|entry| &*entry.key == "type").map_or(tree.place(camera), |e| e.key_span);
        let place = self.document.place(span);
        let mut finding =
            Finding::new(Code::UnknownField, place, "`camera` has no field `type`: this is Kling's own form");
        finding.help = Some(match &ours {
            Some(ours) => format!("write `camera: {{ {ours} }}`"),
            None => "write one axis, such as `camera: { zoom: 5 }`, or the move in words".into(),
        });
        self.shape.findings.push(finding);
        self.shape.rejected.insert(camera);
        true
    }
}
