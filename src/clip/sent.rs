use std::collections::{HashMap, HashSet};

use super::Clip;
use crate::language::Text;
use crate::language::lent::CastMember;
use crate::language::names::mentions;
use crate::syntax::NodeId;

/// The texts that clips send, each once, with the clips that send it: a style is looked at once, however many shots use it.
/// In the order of the clips: what is said in the shot, then its styles and looks.
pub fn sent_texts<'c, 'f>(clips: impl IntoIterator<Item = &'c Clip<'f>>) -> Vec<(&'f Text, Vec<&'c Clip<'f>>)>
where
    'f: 'c,
{
    by_text(clips, Clip::sent_texts)
}

/// What `texts` gives for each of the clips, each text once, with the clips that it is given for.
pub fn by_text<'c, 'f, T>(
    clips: impl IntoIterator<Item = &'c Clip<'f>>,
    texts: impl Fn(&Clip<'f>) -> T,
) -> Vec<(&'f Text, Vec<&'c Clip<'f>>)>
where
    'f: 'c,
    T: IntoIterator<Item = &'f Text>,
{
    let mut found: Vec<(&Text, Vec<&Clip<'_>>)> = Vec::new();
    let mut known: HashMap<(usize, NodeId), usize> = HashMap::new();
    for clip in clips {
        for text in texts(clip) {
            let index = *known.entry(text.at.key_in_maps()).or_insert_with(|| {
                found.push((text, Vec::new()));
                found.len() - 1
            });
            found[index].1.push(clip);
        }
    }
    found
}

impl<'f> Clip<'f> {
    /// The texts that the clip sends, as written: its own, and those of the styles and looks that it uses.
    pub fn sent_texts(&self) -> Vec<&'f Text> {
        let shot = self.shot;
        let mut texts: Vec<&Text> = Vec::new();
        texts.extend(shot.action());
        texts.extend(shot.cuts().iter().filter_map(|cut| Some(&cut.prompt.valid()?.value)));
        let mentioned = texts.iter().flat_map(|text| mentions(&text.value)).map(|(_, name)| name);
        let speakers = shot.spoken().iter().map(|line| &*line.speaker.value);
        let mut members: Vec<&CastMember> =
            mentioned.chain(speakers).filter_map(|name| self.film.cast().get(name)).collect();
        members.sort_by_key(|member| std::ptr::from_ref(*member));
        members.dedup_by(|a, b| std::ptr::eq(*a, *b));
        texts.extend(shot.spoken().iter().flat_map(|line| line.text.iter().chain(&line.manner)));
        texts.extend(self.camera_words());
        texts.extend(self.negative_prompt.value());
        let styles = self.sent_styles().into_iter().filter_map(|name| self.film.styles().get(&name.value));
        texts.extend(styles.filter_map(|style| style.text.as_ref()));
        texts.extend(members.into_iter().filter_map(|member| member.look.value()));
        texts
    }

    /// The names of the styles in its prompts: its own, or each cut's.
    pub fn sent_styles(&self) -> Vec<&'f Text> {
        let mut found: Vec<&Text> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let of_cuts = self.shot.cuts().iter().flat_map(|cut| super::styles::of_cut(&self.styles, cut));
        let of_shot = self.styles.iter().copied().filter(|_| self.shot.cuts().is_empty());
        for name in of_shot.chain(of_cuts) {
            if known.insert(&name.value) {
                found.push(name);
            }
        }
        found
    }
}
