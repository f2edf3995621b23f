//! Clips that were bought and are not on this disk: downloaded again, as long as the service keeps them.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::join_all;

use super::report::Who;
use super::session::{Job, Session};
use crate::api::News;
use crate::ledger::{Attempt, Standing};

/// The outcome of downloading a clip again: its path from the project root, or why it is not here.
pub type Fetched = Result<PathBuf, String>;

impl Session {
    /// Downloads the clips of these attempts again, each checked against the digest in the ledger.
    pub async fn fetch_again(self: &Arc<Self>, attempts: Vec<(Who, Attempt)>) -> Vec<(Who, Fetched)> {
        let fetched = attempts.into_iter().map(|(who, attempt)| async move {
            let _slot = self.slots.clone().acquire_owned().await;
            let mut job = self.job(who.clone(), attempt.id.clone());
            job.clip = attempt.clip.clone();
            let fetched = job.fetch_again(&attempt).await;
            (who, fetched)
        });
        join_all(fetched).await
    }
}

impl Job<'_> {
    async fn fetch_again(&self, attempt: &Attempt) -> Fetched {
        if let Some(reason) = self.session.elsewhere(attempt) {
            return Err(reason);
        }
        let mut done = attempt.tasks.iter().filter(|(_, task)| task.standing() == Standing::Done);
        let Some((task_id, task)) = done.next_back() else { return Err("the ledger has no task of it".into()) };
        let known: Vec<&str> = task.downloads.values().map(|download| download.sha256.as_str()).collect();
        let url = match self.session.service.poll(task_id).await.news {
            News::Ready { url, .. } => url,
            News::Gone(reason) => return Err(format!("the service has task {task_id} no longer: {reason}")),
            News::Failed { message, .. } => return Err(format!("the service says that it failed: {message}")),
            News::Pending { word } => return Err(format!("the service says `{word}`")),
            News::Unclear(reason) => return Err(reason),
        };
        let fetched = match self.download(&url).await {
            Ok(fetched) => fetched,
            Err(Some(error)) => return Err(error.to_string()),
            Err(None) => return Err("its download was broken off".into()),
        };
        if !known.contains(&fetched.sha256.as_str()) {
            let _ = std::fs::remove_file(&fetched.path);
            return Err(
                "the service sent another file than the one that was bought: its digest is not the ledger's".into()
            );
        }
        let path = fetched.path.strip_prefix(&self.session.root).unwrap_or(&fetched.path).to_owned();
        self.downloaded(task_id, None, fetched);
        Ok(path)
    }
}
