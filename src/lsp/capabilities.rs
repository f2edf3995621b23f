//! The client's capabilities, as far as they matter here, and those of this server.

use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CompletionOptions, DiagnosticOptions, DocumentLinkOptions,
    ExecuteCommandOptions, FileOperationFilter, FileOperationOptions, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, RenameOptions, ServerCapabilities, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkDoneProgressOptions, WorkspaceOptions,
};

use super::actions::FIX_ALL;
use super::commands::COMMANDS;
use super::position::Encoding;

/// The client's capabilities.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client {
    /// The unit of its columns.
    pub encoding: Encoding,
    /// Whether it asks for diagnostics: then they are not sent of themselves.
    pub pulls: bool,
    /// Whether it takes diagnostics of other files together with the ones it asked for.
    pub takes_related_documents: bool,
    /// Whether it can be told to ask for diagnostics again.
    pub refreshes: bool,
    /// Whether it can be asked to watch files on disk.
    pub watches: bool,
    /// Whether it takes texts with places to fill in.
    pub takes_snippets: bool,
    /// Whether it shows what a command answers; else that is sent as a message.
    pub shows_answers: bool,
    /// Whether it shows related places.
    pub shows_related: bool,
}

impl Client {
    /// Reads what a client says of itself.
    pub fn of(client: &ClientCapabilities) -> Self {
        let text = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let pull = text.and_then(|text| text.diagnostic.as_ref());
        let push = text.and_then(|text| text.publish_diagnostics.as_ref());
        let related = [
            pull.and_then(|pull| pull.diagnostics_capabilities.related_information),
            push.and_then(|push| push.diagnostics_capabilities.related_information),
        ];
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let refresh = workspace.and_then(|workspace| workspace.diagnostics.as_ref());
        let own = client.experimental.as_ref().and_then(|experimental| experimental.get("clapboard"));
        let completion = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        Self {
            encoding: Encoding::of(client),
            pulls: pull.is_some(),
            takes_related_documents: pull.and_then(|pull| pull.related_document_support).unwrap_or(false),
            refreshes: refresh.and_then(|refresh| refresh.refresh_support).unwrap_or(false),
            watches: watching.and_then(|watching| watching.dynamic_registration).unwrap_or(false),
            takes_snippets: completion.and_then(|item| item.snippet_support).unwrap_or(false),
            shows_answers: own.and_then(|own| own.get("showsAnswers")?.as_bool()).unwrap_or(false),
            shows_related: related.into_iter().flatten().any(|shows| shows),
        }
    }
}

/// The server's capabilities for that client.
pub fn of_server(client: &Client) -> ServerCapabilities {
    let quiet = WorkDoneProgressOptions { work_done_progress: None };
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::Incremental),
                save: Some(true.into()),
                ..TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        diagnostic_provider: client.pulls.then(|| {
            DiagnosticOptions {
                identifier: Some("clapboard".into()),
                inter_file_dependencies: true,
                workspace_diagnostics: false,
                work_done_progress_options: quiet,
            }
            .into()
        }),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::from(FIX_ALL.to_owned())]),
                work_done_progress_options: quiet,
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        hover_provider: Some(true.into()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["$", "/", "("].map(str::to_owned).to_vec()),
            work_done_progress_options: quiet,
            ..CompletionOptions::default()
        }),
        inlay_hint_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        document_link_provider: Some(DocumentLinkOptions { resolve_provider: None, work_done_progress_options: quiet }),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        rename_provider: Some(RenameOptions { prepare_provider: Some(true), work_done_progress_options: quiet }.into()),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: COMMANDS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            work_done_progress_options: quiet,
        }),
        workspace: Some(WorkspaceOptions { file_operations: Some(renames()), ..WorkspaceOptions::default() }),
        ..ServerCapabilities::default()
    }
}

/// Asks to hear of it before a file that a storyboard may name, or a folder, gets another name.
fn renames() -> FileOperationOptions {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".into()),
        pattern: FileOperationPattern { glob: glob.into(), matches: Some(matches), options: None },
    };
    let files = WATCHED.iter().map(|glob| filter(glob, FileOperationPatternKind::File));
    let folders = filter("**", FileOperationPatternKind::Folder);
    let filters = files.chain([folders]).collect();
    FileOperationOptions {
        will_rename: Some(FileOperationRegistrationOptions { filters }),
        ..FileOperationOptions::default()
    }
}

/// The files that a film is made of, as they are named: texts, configs and frames.
pub const WATCHED: &[&str] = &["**/*.{yaml,yml,toml}", "**/*.{png,PNG,jpg,JPG,jpeg,JPEG,webp,gif}"];
