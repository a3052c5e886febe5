//! States of one's own: the events of a viewpoint handed in replay order to a fold that a user writes, as in every
//! event store. Knows nothing of what the fold makes of them.

use super::viewpoint::look;
use super::{Refusal, Selectors};
use crate::model::event::Event;
use crate::timeline::Timeline;

/// A fold over events: a state that begins as its default and takes in one event after another.
///
/// ```
/// # use asof::ask::Projection;
/// # use asof::model::event::Event;
/// #[derive(Default)]
/// struct Meetings(usize);
///
/// impl Projection for Meetings {
///     fn apply(&mut self, event: &Event) {
///         self.0 += usize::from(event.kind.as_ref().is_some_and(|kind| kind.value == "meeting"));
///     }
/// }
/// ```
pub trait Projection: Default {
    /// Takes in the next event that counts and has happened for certain.
    fn apply(&mut self, event: &Event);
}

/// Folds the events that count in a viewpoint and have happened for certain at its moment, in replay order. Errors as
/// [`ask`](super::ask).
pub fn fold<P: Projection>(timeline: &Timeline, select: &Selectors) -> Result<P, Refusal> {
    let looked = look(timeline, select, true)?;
    let mut state = P::default();
    for number in (0..looked.view.certain()).filter(|number| looked.view.counts(*number)) {
        state.apply(timeline.history().event(number));
    }
    Ok(state)
}
