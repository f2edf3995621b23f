//! A body of Kling's newer image-to-video API, `{contents, settings, options}`: its parts under the names of the older one.

use super::Weight;
use super::node::{Data, Group, Node};

type Remarks = Vec<(String, usize, String, Weight)>;

/// The fields of such a body by their older names; `None` where it is another body.
pub(super) fn fields(body: &Group, remarks: &mut Remarks) -> Option<Vec<(String, Node)>> {
    let contents = body.get("contents")?.as_list()?;
    if !contents.iter().all(|item| item.get("type").and_then(Node::as_str).is_some()) {
        return None;
    }
    let mut fields = Fields { written: Vec::new(), ids: Vec::new(), voices: Vec::new(), elements: Vec::new(), remarks };
    contents.iter().for_each(|item| fields.item(item));
    for (name, node) in body.iter().filter(|(name, _)| *name != "contents") {
        match (&**name, node.as_group()) {
            ("settings", Some(settings)) => settings.iter().for_each(|(name, node)| fields.setting(name, node)),
            ("options", Some(options)) => fields.written.extend(options.clone()),
            _ => fields.put(name, node.clone()),
        }
    }
    Some(fields.finish())
}

struct Fields<'r> {
    written: Vec<(String, Node)>,
    /// The name of a voice or an element in the text, and its marker in the older form.
    ids: Vec<(String, String)>,
    voices: Vec<Node>,
    elements: Vec<Node>,
    remarks: &'r mut Remarks,
}

impl Fields<'_> {
    fn put(&mut self, name: &str, node: Node) {
        self.written.push((name.to_owned(), node));
    }

    fn item(&mut self, item: &Node) {
        let kind = item.get("type").and_then(Node::as_str).unwrap_or_default();
        let part = |name: &str| item.get(name).cloned();
        match (kind, part("text"), part("url")) {
            ("prompt", Some(text), _) => self.put("prompt", text),
            ("first_frame", _, Some(url)) => self.put("image", url),
            ("last_frame", _, Some(url)) => self.put("image_tail", url),
            ("voice", ..) if part("voice_id").is_some() => {
                let number = self.voices.len() + 1;
                self.alias(item, format!("<<<voice_{number}>>>"));
                self.voices.push(only(item, "voice_id", part("voice_id")));
            }
            ("element", ..) if part("element_id").is_some() => {
                let number = self.elements.len() + 1;
                self.alias(item, format!("<<<element_{number}>>>"));
                // The older form has these ids as numbers.
                let id = part("element_id").map(|id| Node { data: digits(&id).unwrap_or(id.data), line: id.line });
                self.elements.push(only(item, "element_id", id));
            }
            _ => self.put(&format!("contents.{kind}"), item.clone()),
        }
    }

    fn alias(&mut self, item: &Node, marker: String) {
        if let Some(id) = item.get("id").and_then(Node::as_str).filter(|id| !id.is_empty()) {
            self.ids.push((format!("@{id}"), marker));
        }
    }

    fn setting(&mut self, name: &str, node: &Node) {
        match (name, &node.data) {
            ("audio", Data::Text(text)) if text == "native" || text == "off" => {
                self.put("sound", Node::text(node.line, if text == "native" { "on" } else { "off" }));
            }
            ("audio", _) => self.put("sound", node.clone()),
            ("resolution", _) => self.put("mode", node.clone()),
            ("multi_shot", _) => {}
            _ => self.put(name, node.clone()),
        }
        if name == "multi_shot" && node.data == Data::Bool(true) {
            self.cuts(node.line);
        }
    }

    /// The text's own wording of cuts, `shot 1, 3, …; shot 2, 4, …;`, as a list of them.
    fn cuts(&mut self, line: usize) {
        let prompt = self.written.iter().position(|(name, _)| name == "prompt");
        let cuts = prompt.and_then(|at| cuts(self.written[at].1.as_str()?, line).map(|cuts| (at, cuts)));
        match cuts {
            Some((at, cuts)) => {
                self.written.remove(at);
                self.put("multi_shot", Node::new(line, Data::Bool(true)));
                self.put("shot_type", Node::text(line, "customize"));
                self.put("multi_prompt", Node::new(line, Data::List(cuts)));
            }
            None => {
                let message =
                    "the model was to cut this clip as it likes; here each cut is written, or there is one shot";
                self.remarks.push(("multi_shot".into(), line, message.into(), Weight::Lost));
            }
        }
    }

    fn finish(mut self) -> Vec<(String, Node)> {
        // The longest first: one id may begin another.
        self.ids.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
        let ids = std::mem::take(&mut self.ids);
        if let Some((_, node)) = self.written.iter_mut().find(|(name, _)| name == "prompt") {
            replace(node, &ids);
        }
        if let Some((_, Node { data: Data::List(cuts), .. })) =
            self.written.iter_mut().find(|(name, _)| name == "multi_prompt")
        {
            for cut in cuts {
                if let Data::Group(fields) = &mut cut.data {
                    fields.values_mut().for_each(|field| replace(field, &ids));
                }
            }
        }
        for (name, items) in
            [("voice_list", std::mem::take(&mut self.voices)), ("element_list", std::mem::take(&mut self.elements))]
        {
            if let Some(line) = items.first().map(|item| item.line) {
                self.put(name, Node::new(line, Data::List(items)));
            }
        }
        self.written
    }
}

fn only(item: &Node, name: &str, value: Option<Node>) -> Node {
    Node::new(item.line, Data::Group(value.map(|value| (name.to_owned(), value)).into_iter().collect()))
}

fn digits(id: &Node) -> Option<Data> {
    id.as_str()?.parse::<i64>().ok().map(|number| Data::Number(number.into()))
}

fn replace(node: &mut Node, ids: &[(String, String)]) {
    if let Data::Text(text) = &mut node.data {
        for (id, marker) in ids {
            *text = text.replace(id, marker);
        }
    }
}

/// The cuts of a text in Kling's wording for them; `None` where it has none.
fn cuts(text: &str, line: usize) -> Option<Vec<Node>> {
    let mut cuts = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let rest = part.strip_prefix("shot").or_else(|| part.strip_prefix("Shot"))?.trim_start();
        let (number, rest) = rest.split_once(',')?;
        let (seconds, words) = rest.split_once(',')?;
        let index: i64 = number.trim().parse().ok()?;
        seconds.trim().parse::<u32>().ok()?;
        let fields = [
            ("index".to_owned(), Node::new(line, Data::Number(index.into()))),
            ("prompt".to_owned(), Node::text(line, words.trim())),
            ("duration".to_owned(), Node::text(line, seconds.trim())),
        ];
        cuts.push(Node::new(line, Data::Group(fields.into_iter().collect())));
    }
    (!cuts.is_empty()).then_some(cuts)
}
