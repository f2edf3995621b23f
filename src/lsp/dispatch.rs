//! From a message's method to what answers it.

use lsp_server::{ErrorCode, Notification, Request, Response};
use lsp_types::Notification as _;
use serde_json::Value;

use super::session::Session;
use super::{actions, commands, completion, diagnostics, hover, inlay, links, moved, navigation, outline};

/// Why a request has no answer.
#[derive(Debug)]
pub struct Failure {
    /// The protocol's code.
    pub code: ErrorCode,
    /// The problem, in words.
    pub message: String,
}

impl Failure {
    /// The request cannot be fulfilled.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }

    /// As an answer.
    pub fn response(self, request: &Request) -> Response {
        Response::new_err(request.id.clone(), self.code as i32, self.message)
    }
}

/// The answer to a request.
pub fn answer(session: &mut Session, request: &Request) -> Response {
    let mut call = Call { session, request, answer: None };
    call.on::<lsp_types::DocumentDiagnosticRequest>(diagnostics::pull);
    call.on::<lsp_types::CodeActionRequest>(actions::actions);
    call.on::<lsp_types::HoverRequest>(hover::hover);
    call.on::<lsp_types::CompletionRequest>(completion::complete);
    call.on::<lsp_types::InlayHintRequest>(inlay::hints);
    call.on::<lsp_types::DocumentSymbolRequest>(outline::symbols);
    call.on::<lsp_types::FoldingRangeRequest>(outline::folds);
    call.on::<lsp_types::SelectionRangeRequest>(outline::selections);
    call.on::<lsp_types::DocumentLinkRequest>(links::links);
    call.on::<lsp_types::DefinitionRequest>(navigation::definition);
    call.on::<lsp_types::ReferencesRequest>(navigation::references);
    call.on::<lsp_types::PrepareRenameRequest>(navigation::prepare_rename);
    call.on::<lsp_types::RenameRequest>(navigation::rename);
    call.on::<lsp_types::WillRenameFilesRequest>(moved::will_rename);
    call.on::<lsp_types::ExecuteCommandRequest>(commands::execute);
    match call.answer {
        Some(Ok(value)) => Response::new_ok(request.id.clone(), value),
        Some(Err(failure)) => failure.response(request),
        None => {
            let message = format!("clapboard does not know the request `{}`", request.method);
            Failure { code: ErrorCode::MethodNotFound, message }.response(request)
        }
    }
}

/// Takes a notification in; one that is not known is none of our business.
///
/// # Errors
/// It is not of its form.
pub fn notify(session: &mut Session, notification: Notification) -> Result<(), serde_json::Error> {
    let method = notification.method.as_str();
    let params = notification.params;
    if method == lsp_types::DidOpenTextDocumentNotification::METHOD.as_str() {
        session.open(serde_json::from_value(params)?);
    } else if method == lsp_types::DidChangeTextDocumentNotification::METHOD.as_str() {
        session.change(serde_json::from_value(params)?);
    } else if method == lsp_types::DidCloseTextDocumentNotification::METHOD.as_str() {
        session.close(serde_json::from_value(params)?);
    } else if method == lsp_types::DidSaveTextDocumentNotification::METHOD.as_str() {
        session.save();
    } else if method == lsp_types::DidChangeWatchedFilesNotification::METHOD.as_str() {
        session.changed_on_disk(serde_json::from_value(params)?);
    }
    Ok(())
}

struct Call<'c> {
    session: &'c mut Session,
    request: &'c Request,
    answer: Option<Result<Value, Failure>>,
}

impl Call<'_> {
    /// Answers the request with `work`, if it is an `R`.
    fn on<R: lsp_types::Request>(&mut self, work: fn(&mut Session, R::Params) -> Result<R::Result, Failure>) {
        if self.answer.is_some() || self.request.method != R::METHOD.as_str() {
            return;
        }
        let wrong = |error: serde_json::Error| Failure { code: ErrorCode::InvalidParams, message: error.to_string() };
        let params = serde_json::from_value(self.request.params.clone()).map_err(wrong);
        let result = params.and_then(|params| work(self.session, params));
        self.answer = Some(result.and_then(|result| {
            serde_json::to_value(result)
                .map_err(|error| Failure { code: ErrorCode::InternalError, message: error.to_string() })
        }));
    }
}
