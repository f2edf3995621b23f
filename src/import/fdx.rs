//! Screenplays of Final Draft, `.fdx`.

use roxmltree::{Document, Node};

use super::Fault;
use super::find::Finder;
use super::json::Lines;
use super::script::{self, Part};

/// Reads a screenplay.
///
/// # Errors
/// It is not XML.
pub(super) fn read(finder: &mut Finder, text: &str) -> Result<(), Fault> {
    let document = Document::parse(text).map_err(|error| {
        let at = error.pos();
        let message = "this is not a screenplay of Final Draft: its XML cannot be read here".to_owned();
        Fault { file: finder.file.to_string(), line: at.row as usize, column: at.col as usize, message }
    })?;
    let root = document.root_element();
    let lines = Lines::new(text);
    let title =
        part_of(root, "TitlePage").and_then(|page| page.descendants().find(|node| node.has_tag_name("Paragraph")));
    finder.found.title = title.map(words).filter(|title| !title.is_empty());
    let mut parts = Vec::new();
    for paragraph in part_of(root, "Content").into_iter().flat_map(|content| content.children()) {
        // Two who speak at once are in a paragraph together.
        let pair = part_of(paragraph, "DualDialogue").into_iter().flat_map(|pair| pair.children());
        for paragraph in std::iter::once(paragraph).chain(pair).filter(|node| node.has_tag_name("Paragraph")) {
            let line = lines.line(paragraph.range().start);
            parts.extend(part(paragraph).into_iter().chain(remarks(paragraph)).map(|part| (line, part)));
        }
    }
    script::shots(finder, parts);
    Ok(())
}

/// The notes at a paragraph, and the summary of a scene.
fn remarks<'a>(paragraph: Node<'a, 'a>) -> impl Iterator<Item = Part> {
    let notes = paragraph.children().filter(|node| node.has_tag_name("ScriptNote"));
    let summary = part_of(paragraph, "SceneProperties").and_then(|properties| part_of(properties, "Summary"));
    let texts = notes.chain(summary).flat_map(|node| node.descendants()).filter(|node| node.has_tag_name("Paragraph"));
    texts.map(words).filter(|text| !text.is_empty()).map(Part::Note)
}

fn part_of<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn part(paragraph: Node<'_, '_>) -> Option<Part> {
    let text = Some(words(paragraph)).filter(|text| !text.is_empty())?;
    Some(match paragraph.attribute("Type").unwrap_or_default() {
        "Scene Heading" => Part::Heading(text),
        "Shot" => Part::View(text),
        "Character" => Part::Character(text),
        "Parenthetical" => Part::Parenthetical(text),
        "Dialogue" | "Singing" => Part::Dialogue(text),
        "Transition" | "New Act" | "End of Act" => Part::Note(text),
        _ => Part::Action(text),
    })
}

/// The words of a paragraph, whatever their fonts; without those of the notes in it.
fn words(paragraph: Node<'_, '_>) -> String {
    let texts = paragraph.children().filter(|node| node.has_tag_name("Text"));
    let text: String = texts.flat_map(|text| text.children()).filter_map(|node| node.text()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
