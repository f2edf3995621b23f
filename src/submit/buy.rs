//! Buying one clip: intent on disk, POST, answer on disk, in this order.

use std::ops::ControlFlow;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

use super::caution::Turn;
use super::order::Order;
use super::outcome::Outcome;
use super::report::Happening;
use super::session::{BODIES_KIB, Job, Pause, Session, pauses};
use super::settle::{Resolution, SeenBy};
use super::stop::Halt;
use crate::api::{Created, Doubt, Meaning, Refused, Sent};
use crate::ledger::{self, Event, Intent, Learned, Permit, What};
use crate::service::Posted;

/// Pauses after "too fast" and "no slot free". Source: kling-api sheet 6 (concurrency rules, 2026-11-22).
const BUSY_FIRST: Duration = Duration::from_secs(1);
const BUSY_LONGEST: Duration = Duration::from_secs(30);
/// Pauses after a connection that failed, and how many may fail in a row before a run gives up.
const CONNECT_FIRST: Duration = Duration::from_millis(500);
const CONNECT_LONGEST: Duration = Duration::from_secs(10);
const CONNECT_TIMES: usize = 6;
/// How often one shot is sent in a run, where the service says each time that nothing arrived.
const SENT_MOST: u32 = 3;

/// One shot on its way to being bought, over as many attempts as it needs.
struct Buying<'s, P> {
    session: &'s Session,
    order: &'s Order,
    busy: P,
    token_was_renewed: bool,
    sent: u32,
}

/// Whether to send again, or what became of the shot.
type Next = ControlFlow<Outcome>;

impl Session {
    /// Buys one clip.
    pub(super) async fn buy(&self, order: &Order) -> Outcome {
        let busy = pauses(BUSY_FIRST, BUSY_LONGEST);
        let mut buying = Buying { session: self, order, busy, token_was_renewed: false, sent: 0 };
        loop {
            if let ControlFlow::Break(outcome) = buying.attempt().await {
                return outcome;
            }
        }
    }

    /// Waits for the right to a POST; none where the run ends before.
    async fn turn(&self) -> Option<Turn<'_>> {
        let left = self.left();
        let turn = tokio::select! {
            biased;
            () = self.stop.halted() => None,
            turn = self.caution.turn() => Some(turn),
            () = self.clock().sleep(left) => None,
        }?;
        if turn.failed_connections > 0 {
            let pause =
                pauses(CONNECT_FIRST, CONNECT_LONGEST).nth(turn.failed_connections - 1).unwrap_or(CONNECT_LONGEST);
            if self.pause_to_send(pause.min(CONNECT_LONGEST)).await != Pause::Over {
                return None;
            }
        }
        (!self.stop.is_halted()).then_some(turn)
    }

    /// Waits, but not when nothing more is to be sent.
    async fn pause_to_send(&self, pause: Duration) -> Pause {
        tokio::select! {
            pause = self.pause(pause) => pause,
            () = self.stop.halted() => Pause::Stopped,
        }
    }
}

impl<'s, P: Iterator<Item = Duration>> Buying<'s, P> {
    /// One POST, and what follows from its answer.
    async fn attempt(&mut self) -> Next {
        let Some(turn) = self.session.turn().await else {
            return ControlFlow::Break(self.session.not_bought("time was up before it was sent"));
        };
        let (job, posted) = match self.send().await {
            Ok(sent) => sent,
            Err(outcome) => return ControlFlow::Break(outcome),
        };
        match posted.created {
            Created::Accepted { task_id } => ControlFlow::Break(accepted(job, turn, &task_id).await),
            Created::NotSent(reason) => self.not_sent(&job, turn, reason),
            Created::Refused(refused) => {
                let retry = Retry { after: posted.retry_after, renewed: posted.renewed };
                self.refused(&job, turn, refused, retry).await
            }
            Created::Unknown(doubt) => self.unknown(&job, turn, doubt).await,
        }
    }

    /// Makes the body, writes the intent, sends. The order of these three is what everything rests on.
    async fn send(&self) -> Result<(Job<'s>, Posted), Outcome> {
        let (session, order) = (self.session, self.order);
        let attempt = ledger::new_attempt_id();
        let attempt = attempt.map_err(|error| session.not_bought(&format!("no random numbers: {error}")))?;
        let sends_id = session.service.endpoint().external_task_id;
        let repeated = session.repeated_id(&order.item.clip).filter(|_| sends_id);
        let external_id = sends_id.then(|| repeated.clone().unwrap_or_else(|| attempt.clone()));
        let (body, _memory) = session.body(order, external_id.clone()).await?;
        let intent = session.intent(order, &body, repeated.clone());
        let job = session.job(order.who(), attempt);
        if session.stop.is_halted() {
            return Err(session.not_bought(""));
        }
        self.intend(&job, intent)?;
        job.report(Happening::Sending { attempt: &job.attempt, units: units(order) });
        let sent = Sent { external_id: external_id.as_deref(), is_repeat: repeated.is_some() };
        let posted = session.service.create(order.path, body, sent).await;
        Ok((job, posted))
    }

    fn intend(&self, job: &Job<'_>, intent: Intent) -> Result<(), Outcome> {
        let session = self.session;
        let at = session.clock().now();
        let what = What::Intent(intent);
        let event = Event { at, clip: job.clip.clone(), attempt: job.attempt.clone(), what };
        let permit = Permit { failed: session.options.retry_failed, again: self.order.is_again };
        let intended = session.ledger().intend(event, permit);
        match intended {
            Ok(true) => Ok(()),
            Ok(false) => Err(session.not_bought("the ledger says meanwhile that it is not to be bought")),
            Err(error) => {
                session.stop.halt(Halt::Ledger { reason: error.to_string() });
                // The line may be in the file all the same, and nothing was sent: say so, if the file takes one more line.
                job.record_or_halt(What::NotSent { reason: "its intent could not be written durably".into() });
                Err(session.not_bought(""))
            }
        }
    }

    fn not_sent(&self, job: &Job<'_>, turn: Turn<'_>, reason: String) -> Next {
        if job.record(What::NotSent { reason: reason.clone() }).is_err() {
            return ControlFlow::Break(self.session.not_bought(""));
        }
        let failed = turn.was_not_sent();
        if failed >= CONNECT_TIMES {
            self.session.stop.halt(Halt::Unreachable { reason });
            return ControlFlow::Break(self.session.not_bought(""));
        }
        job.report(Happening::NotSent { reason: &reason });
        ControlFlow::Continue(())
    }

    async fn refused(&mut self, job: &Job<'_>, turn: Turn<'_>, refused: Refused, retry: Retry) -> Next {
        let session = self.session;
        // Words without a code may be about every shot: a second one that is refused with the same words is not at fault itself.
        let is_shot = refused.meaning == Meaning::Shot;
        let is_alike = is_shot && refused.code.is_none() && session.caution.is_refused_alike(&refused.message);
        let failed = is_shot && !is_alike;
        let what = What::Refused { code: refused.code, message: refused.message.clone(), failed };
        if job.record(what).is_err() {
            return ControlFlow::Break(session.not_bought(""));
        }
        match refused.meaning {
            Meaning::Busy => {
                turn.was_put_off();
                self.put_off(job, &refused, retry.after).await
            }
            Meaning::Token if retry.renewed && !self.token_was_renewed => {
                turn.was_put_off();
                self.token_was_renewed = true;
                ControlFlow::Continue(())
            }
            Meaning::Shot if failed => {
                turn.ended_well(false);
                report_refused(job, &refused, true);
                ControlFlow::Break(Outcome::Failed { code: refused.code, message: refused.message })
            }
            Meaning::Shot | Meaning::Token | Meaning::Account | Meaning::Unclear => {
                let (code, message, advice) = (refused.code, refused.message, refused.next);
                session.stop.halt(Halt::Account { code, message, advice });
                ControlFlow::Break(session.not_bought(""))
            }
        }
    }

    /// The service has no time for it now.
    async fn put_off(&mut self, job: &Job<'_>, refused: &Refused, retry_after: Option<Duration>) -> Next {
        let own = self.busy.next().unwrap_or(BUSY_LONGEST).min(BUSY_LONGEST);
        let pause = retry_after.unwrap_or(own).max(BUSY_FIRST);
        job.report(Happening::Retrying { reason: &refused.message, pause_seconds: pause.as_secs_f64() });
        if self.session.pause_to_send(pause).await == Pause::Over {
            return ControlFlow::Continue(());
        }
        report_refused(job, refused, false);
        let reason = format!("refused: {} ({})", refused.what, refused.message);
        ControlFlow::Break(self.session.not_bought(&reason))
    }

    async fn unknown(&mut self, job: &Job<'_>, turn: Turn<'_>, doubt: Doubt) -> Next {
        let session = self.session;
        self.sent += 1;
        let Doubt { reason, answer, candidate } = doubt;
        let what = What::Unknown { reason: reason.clone(), answer: answer.clone(), candidate: candidate.clone() };
        // The intent alone says as much, should this line not reach the disk.
        let recorded = job.record(what);
        let ended = session.clock().uptime();
        if turn.ended_unknown() {
            session.stop.halt(Halt::Unknown { reason: reason.clone() });
        }
        let (answer, hint) = (answer.as_deref(), candidate.as_deref());
        job.report(Happening::Unknown { attempt: &job.attempt, reason: &reason, answer, candidate: hint });
        let unknown =
            |reason: String| Outcome::Unknown { attempt: job.attempt.clone(), reason, candidate: candidate.clone() };
        if recorded.is_err() || !session.service.endpoint().external_task_id {
            return ControlFlow::Break(unknown(reason));
        }
        match job.resolve(SeenBy::ThisRun { ended }, session.options.wait).await {
            Resolution::Found(task_id) => {
                session.caution.settled();
                ControlFlow::Break(job.fetch(&task_id, false).await)
            }
            Resolution::Released => {
                session.caution.settled();
                if self.sent < SENT_MOST && !session.stop.is_halted() {
                    return ControlFlow::Continue(());
                }
                ControlFlow::Break(session.not_bought(&reason))
            }
            Resolution::Unknown(look) => ControlFlow::Break(unknown(format!("{reason}; {look}"))),
        }
    }
}

/// The consequence of a refusal for the next attempt.
struct Retry {
    after: Option<Duration>,
    renewed: bool,
}

async fn accepted(job: Job<'_>, turn: Turn<'_>, task_id: &str) -> Outcome {
    if let Some(owner) = job.session.other_owner(task_id, &job.attempt) {
        let reason = format!("the service answered with the task of another attempt ({owner})");
        let candidate = Some(task_id.to_owned());
        job.record_or_halt(What::Unknown { reason: reason.clone(), answer: None, candidate: candidate.clone() });
        if turn.ended_unknown() {
            job.session.stop.halt(Halt::Unknown { reason: reason.clone() });
        }
        let (attempt, reason_text) = (&job.attempt, &reason);
        job.report(Happening::Unknown { attempt, reason: reason_text, answer: None, candidate: Some(task_id) });
        return Outcome::Unknown { attempt: job.attempt.clone(), reason, candidate };
    }
    turn.ended_well(true);
    match job.record(What::Accepted { task_id: task_id.to_owned(), how: Learned::Answer }) {
        Ok(()) => job.report(Happening::Accepted { task_id, how: Learned::Answer }),
        Err(error) => job.report(Happening::Unrecorded { task_id, reason: &error.to_string() }),
    }
    job.fetch(task_id, false).await
}

impl Session {
    fn intent(&self, order: &Order, body: &[u8], repeated: Option<String>) -> Intent {
        let endpoint = self.service.endpoint();
        Intent {
            api: endpoint.target.as_str().to_owned(),
            base_url: endpoint.base_url().to_owned(),
            external_task_id: endpoint.external_task_id,
            external_id: repeated,
            account: Some(self.service.account().to_owned()),
            longest_seconds: Some(self.service.longest(body.len()).as_secs() + 1),
            body_sha256: Some(ledger::sha256_hex(body)),
            seconds: order.item.seconds,
            units: units(order),
            usd: order.item.usd,
            fields: order.item.fields.iter().cloned().collect(),
        }
    }

    /// The request's bytes, made while there is memory for them.
    async fn body(
        &self,
        order: &Order,
        external_task_id: Option<String>,
    ) -> Result<(Vec<u8>, OwnedSemaphorePermit), Outcome> {
        let kib = u32::try_from(order.body.size_hint() >> 10).unwrap_or(u32::MAX).saturating_add(1).min(BODIES_KIB);
        let memory = self.bodies.clone().acquire_many_owned(kib).await;
        let memory = memory.map_err(|_| self.not_bought("the run is over"))?;
        let (source, hint) = (order.body.clone(), order.body.size_hint());
        let made = tokio::task::spawn_blocking(move || {
            let mut body = Vec::with_capacity(usize::try_from(hint).unwrap_or(0).min((BODIES_KIB as usize) << 10));
            source.write_to(&mut body, external_task_id.as_deref()).map(|()| body)
        })
        .await;
        let body = made.map_err(|error| error.to_string()).and_then(|made| made.map_err(|error| error.to_string()));
        match body {
            Ok(body) => Ok((body, memory)),
            Err(problem) => Err(self.not_bought(&format!("its request cannot be made: {problem}"))),
        }
    }
}

fn report_refused(job: &Job<'_>, refused: &Refused, failed: bool) {
    let (message, advice) = (refused.message.as_str(), refused.next);
    job.report(Happening::Refused { code: refused.code, message, advice, failed });
}

fn units(order: &Order) -> Option<f64> {
    order.item.units.map(|units| units.as_f64())
}
