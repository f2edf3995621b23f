//! Which take of a shot counts, written down.

use super::failure::Failure;
use clapboard::ledger::{Clip, Event, Ledger, What};

/// Writes down that take `number` of a clip's shot is the one for the sheet and the export. `name` is how messages call the shot.
///
/// # Errors
/// There is no such take, or the ledger cannot be written.
pub fn choose(ledger: &mut Ledger, clip: &Clip, number: &str, name: &str) -> Result<(), Failure> {
    let takes = ledger.state().takes(&clip.film, &clip.shot);
    let index = number.parse::<usize>().ok().filter(|number| (1..=takes.len()).contains(number));
    let Some(take) = index.map(|number| takes[number - 1]) else {
        return Err(Failure::cannot(format!("{name} has no take {number}: it has {}", takes.len())));
    };
    let event = Event {
        at: jiff::Timestamp::now(),
        clip: Clip { identity: take.clip.identity.clone(), ..clip.clone() },
        attempt: take.id.clone(),
        what: What::Chosen,
    };
    Ok(ledger.record(event)?)
}
