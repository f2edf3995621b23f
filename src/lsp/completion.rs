//! Completion at the cursor: fields, values, names, files, rules.

use super::analysis::Subject;
use super::cursor::{Cursor, Step, comment_at};
use super::dispatch::Failure;
use super::form::{Choice, Form};
use super::hover;
use super::session::Session;
use super::snippet::Hand;
use super::typing::{Typing, What, word_at};
use crate::check::CheckedFilm;
use crate::diagnostic::Code;
use crate::files::Kind;
use crate::kling::{Facts, Mode, Model};
use crate::models;
use crate::project::CONFIG;
use crate::rules::Rule;
use crate::syntax::Document;
use crate::text::{Format, Span, counted};
use camino::Utf8Path;
use lsp_types::{
    Command, CompletionItem, CompletionItemKind, CompletionItemTag, CompletionParams, CompletionResponse,
    InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, Range, TextEdit,
};

/// How many files of a folder are offered.
const MOST_FILES: usize = 500;
/// Fields that name a picture.
const PICTURES: &[&str] = &["first_frame", "last_frame", "still", "mask"];

/// The completions at a place of an open text.
///
/// # Errors
/// None.
pub fn complete(session: &mut Session, params: CompletionParams) -> Result<Option<CompletionResponse>, Failure> {
    let at = params.text_document_position_params;
    let Some(analysis) = session.analysis(&at.text_document.uri) else { return Ok(None) };
    let Some(document) = analysis.document() else { return Ok(None) };
    let positions = session.positions(&document.source);
    let offset = positions.offset(at.position);
    if comment_at(document, offset).is_some() {
        let items = in_comment(document, offset).map(|word| {
            let range = positions.range(word);
            Code::ALL.iter().filter(|code| code.can_be_silenced()).map(|code| rule(*code, range, "")).collect()
        });
        return Ok(items.map(|items: Vec<CompletionItem>| items.into()));
    }
    let form = match &analysis.subject {
        Subject::Film(_) => Form::storyboard(),
        Subject::Config(_) => Form::config(),
    };
    let Some(typing) = Typing::at(&document.source, form, offset) else { return Ok(None) };
    let line = document.source.line_around(typing.word.start());
    let text = document.source.slice(line);
    let before = typing.word.start().saturating_sub(line.start());
    let hand = Hand {
        format: document.source.format,
        is_inline: typing.is_inline(),
        // Clients indent further lines as much as this one is; a `- ` before the word comes on top.
        indent: before.saturating_sub(text.len() - text.trim_start().len()),
        takes_places: session.client.takes_snippets,
    };
    let completing = Completing {
        checked: analysis.film(),
        typing: &typing,
        hand,
        range: positions.range(typing.word),
        written: &document.source.text[typing.word.start()..offset.max(typing.word.start())],
    };
    let mut items = match typing.what {
        What::Field { is_whole } => completing.fields(is_whole),
        What::Value { is_quoted } => completing.values(is_quoted),
    };
    // In the order in which they are offered here.
    for (index, item) in items.iter_mut().enumerate() {
        item.sort_text = Some(format!("{index:04}"));
    }
    Ok(Some(items.into()))
}

/// The rule's name that is typed in an allow comment.
fn in_comment(document: &Document, offset: usize) -> Option<Span> {
    let comment = comment_at(document, offset)?;
    let before = document.source.text.get(comment.start()..offset)?;
    let (_, rest) = before.split_once("clapboard:")?;
    let names = rest.trim_start().strip_prefix("allow")?;
    let names = names.strip_prefix("-file").unwrap_or(names).trim_start().strip_prefix('(')?;
    (!names.contains(')')).then(|| word_at(&document.source.text, offset))
}

fn rule(code: Code, range: Range, quote: &str) -> CompletionItem {
    let mut item = item(code.as_str(), CompletionItemKind::Value, range, format!("{quote}{code}{quote}"));
    item.detail = Some(code.severity().as_str().into());
    with_about(item, Rule::of(code).document().summary)
}

fn item(label: &str, kind: CompletionItemKind, range: Range, new_text: String) -> CompletionItem {
    CompletionItem {
        label: label.into(),
        kind: Some(kind),
        text_edit: Some(TextEdit { range, new_text }.into()),
        ..CompletionItem::default()
    }
}

fn with_about(item: CompletionItem, about: &str) -> CompletionItem {
    let about = MarkupContent { kind: MarkupKind::Markdown, value: about.into() };
    CompletionItem { documentation: Some(about.into()), ..item }
}

struct Completing<'c> {
    checked: Option<&'c CheckedFilm>,
    typing: &'c Typing,
    hand: Hand,
    range: Range,
    /// The part of the word that is already typed.
    written: &'c str,
}

impl Completing<'_> {
    fn fields(&self, is_whole: bool) -> Vec<CompletionItem> {
        let Some(form) = self.typing.form else { return Vec::new() };
        let present: Vec<&str> = self.typing.present().collect();
        let mut fields: Vec<(&str, Form)> = form.fields().filter(|(name, _)| !present.contains(name)).collect();
        fields.sort_by_key(|(name, _)| !form.requires(name));
        let mut items: Vec<CompletionItem> = Vec::new();
        if present.is_empty() && !is_whole {
            items.extend(self.snippets(form));
        }
        items.extend(fields.into_iter().map(|(name, field)| {
            let text = if is_whole { name.to_owned() } else { self.hand.field(name, field) };
            let item = self.placed(item(name, CompletionItemKind::Field, self.range, text));
            field.about().map_or(item.clone(), |about| with_about(item, about))
        }));
        if self.typing.field() == Some("lines") && matches!(self.typing.way.last(), Some(Step::Item(_))) {
            let sign = match (self.hand.format, is_whole) {
                (_, true) => "",
                (Format::Yaml, false) => ": ",
                (Format::Toml, false) => " = ",
            };
            items.extend(self.cast("", sign));
        }
        items
    }

    fn values(&self, is_quoted: bool) -> Vec<CompletionItem> {
        let field = self.typing.field().unwrap_or_default();
        if self.written.starts_with('$') {
            return self.cast("$", "");
        }
        let quote = if is_quoted { "" } else { "\"" };
        let is_cut = self.typing.way.contains(&Step::Field("cuts".into()));
        match field {
            "style" | "add_style" => self.styles(quote),
            "voices" => self.cast(quote, quote),
            "extends" => self.files(quote, &["yaml", "yml", "toml"]),
            "allow" | "warn" | "deny" if self.checked.is_none() => self.rules(quote),
            "duration" if !is_cut => self.lengths(),
            field if PICTURES.contains(&field) => self.files(quote, &["png", "jpg", "jpeg"]),
            _ => self.choices(quote),
        }
    }

    /// The values that the form has, and what can be written at once.
    fn choices(&self, quote: &str) -> Vec<CompletionItem> {
        let Some(form) = self.typing.form else { return Vec::new() };
        let choices = form.choices();
        let has_words = choices.iter().any(|choice| choice.value.is_string());
        // `on` and `true` are one thing; the word is the one to write.
        let shown = choices.into_iter().filter(|choice| choice.value.is_string() || !has_words);
        let mut items: Vec<CompletionItem> = shown.map(|choice| self.choice(&choice, quote)).collect();
        if items.is_empty() && form.is("boolean") {
            items.extend(["true", "false"].map(|word| item(word, CompletionItemKind::Value, self.range, word.into())));
        }
        items.extend(self.snippets(form));
        items
    }

    fn choice(&self, choice: &Choice, quote: &str) -> CompletionItem {
        let word = choice.value.as_str().map_or_else(|| choice.value.to_string(), str::to_owned);
        let text = if choice.value.is_string() { format!("{quote}{word}{quote}") } else { word.clone() };
        let mut item = item(&word, CompletionItemKind::EnumMember, self.range, text);
        match self.typing.field() {
            Some("model") => {
                if let (Some(model), Some(checked)) = (Facts::kling().model(&word), self.checked) {
                    item.detail = Some(models::line(model, checked.target));
                    item.tags = model.facts().retired.map(|_| vec![CompletionItemTag::Deprecated]);
                    return with_about(item, &models::card(model));
                }
            }
            Some("mode") => {
                let price = self.model().zip(Mode::parse(&word));
                item.detail = price.and_then(|(model, mode)| models::price_of_second(model, mode));
            }
            _ => {}
        }
        match choice.about {
            Some(about) => with_about(item, about),
            None => item,
        }
    }

    fn snippets(&self, form: Form) -> Vec<CompletionItem> {
        let snippet = |snippet: super::form::Snippet| {
            // A group that is a value is written in brackets.
            let is_inline = self.hand.is_inline || matches!(self.typing.what, What::Value { .. });
            let text = Hand { is_inline, ..self.hand }.body(snippet.body);
            let item = self.placed(item(snippet.label, CompletionItemKind::Snippet, self.range, text));
            with_about(item, snippet.about)
        };
        form.snippets().into_iter().map(snippet).collect()
    }

    /// Marks an item whose text has places to fill in.
    fn placed(&self, item: CompletionItem) -> CompletionItem {
        if !self.hand.takes_places {
            return item;
        }
        CompletionItem {
            insert_text_format: Some(InsertTextFormat::Snippet),
            insert_text_mode: Some(InsertTextMode::AdjustIndentation),
            ..item
        }
    }

    fn rules(&self, quote: &str) -> Vec<CompletionItem> {
        let codes = Code::ALL.iter().filter(|code| code.can_be_silenced());
        codes.map(|code| rule(*code, self.range, quote)).collect()
    }

    fn styles(&self, quote: &str) -> Vec<CompletionItem> {
        let films = self.checked.into_iter().map(|checked| &checked.film);
        films
            .flat_map(|film| film.styles().values().map(move |style| (film, style)))
            .map(|(film, style)| {
                let name = &style.name.value;
                let item = item(name, CompletionItemKind::Value, self.range, format!("{quote}{name}{quote}"));
                with_about(item, &super::card::style(film, style))
            })
            .collect()
    }

    /// The cast, with something before and behind each name.
    fn cast(&self, before: &str, behind: &str) -> Vec<CompletionItem> {
        let films = self.checked.into_iter().map(|checked| &checked.film);
        let cast = films.flat_map(|film| film.cast().values().map(move |member| (film, member)));
        cast.map(|(film, member)| {
            let name = &member.key.value;
            let label = if before == "$" { format!("${name}") } else { name.to_string() };
            let item = item(&label, CompletionItemKind::Variable, self.range, format!("{before}{name}{behind}"));
            let item = CompletionItem { detail: Some(member.name.clone()), ..item };
            with_about(item, &super::card::cast(film, member))
        })
        .collect()
    }

    /// The lengths that the model makes, with what each costs.
    fn lengths(&self) -> Vec<CompletionItem> {
        let (Some(model), Some(checked)) = (self.model(), self.checked) else { return Vec::new() };
        let mode = self.clip().and_then(|clip| clip.mode.value()).unwrap_or(crate::clip::DEFAULT_MODE);
        let price = |seconds| {
            let units = model.price(mode, crate::kling::price::Track::Silent, seconds)?;
            Some(format!("{}, silent", counted(units, "unit")))
        };
        let lengths = model.lengths(checked.target).into_iter();
        lengths
            .map(|(seconds, _)| {
                let label = seconds.to_string();
                let item = item(&label, CompletionItemKind::Value, self.range, label.clone());
                CompletionItem { detail: price(seconds), ..item }
            })
            .collect()
    }

    /// The files and folders that continue the path that is typed, none outside of the project.
    fn files(&self, quote: &str, endings: &[&str]) -> Vec<CompletionItem> {
        let Some(checked) = self.checked else { return Vec::new() };
        let source = &checked.film.file.document.source;
        let folder = self.written.rfind('/').map_or("", |end| &self.written[..=end]);
        let mut items = Vec::new();
        for (name, kind) in checked.project.library.names_in(source.folder(), folder) {
            let ending = Utf8Path::new(&name).extension().unwrap_or_default().to_ascii_lowercase();
            let path = format!("{folder}{name}");
            if kind == Kind::Folder {
                let item = item(&name, CompletionItemKind::Folder, self.range, format!("{path}/"));
                let again = Command {
                    title: "More".into(),
                    command: "editor.action.triggerSuggest".into(),
                    ..Command::default()
                };
                items.push(CompletionItem { filter_text: Some(path), command: Some(again), ..item });
            } else if endings.contains(&&*ending) && ![source.path.file_name(), Some(CONFIG)].contains(&Some(&*name)) {
                let item = item(&name, CompletionItemKind::File, self.range, format!("{quote}{path}{quote}"));
                items.push(CompletionItem { filter_text: Some(path), ..item });
            }
        }
        items.truncate(MOST_FILES);
        items
    }

    /// The shot that is being written, as it was when it could last be read.
    fn clip(&self) -> Option<crate::clip::Clip<'_>> {
        let checked = self.checked?;
        let cursor = Cursor::along(&checked.film.file.document, &self.typing.way)?;
        hover::clip_at(checked, &cursor)
    }

    /// The model that holds where the cursor is.
    fn model(&self) -> Option<Model> {
        let defaults = || {
            let name = self.checked?.film.defaults().find_map(|settings| settings.model.valid())?;
            Facts::kling().model(&name.value.value)
        };
        self.clip().and_then(|clip| clip.model.value()).or_else(defaults)
    }
}
