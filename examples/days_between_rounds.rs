//! A state of one's own: how many days lay between the rounds of talks. `cargo run --example days_between_rounds`

use asof::ask::{Projection, Selectors, fold};
use asof::model::event::Event;
use asof::{disk, timeline::Timeline};

/// The rounds so far: the day on which each began, counted from 1970, and its title.
#[derive(Default)]
struct Rounds(Vec<(i64, String)>);

impl Projection for Rounds {
    fn apply(&mut self, event: &Event) {
        if event.kind.as_ref().is_some_and(|kind| kind.value == "talks") {
            let seconds = event.when.start.start.seconds();
            self.0.push((seconds.div_euclid(86_400), event.title.value.clone()));
        }
    }
}

#[allow(clippy::disallowed_macros)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (texts, faults) = disk::read("events".as_ref(), &[])?;
    let timeline = Timeline::load(texts, faults);
    let select = Selectors { at: Some("2026".into()), ..Selectors::default() };
    let Rounds(rounds) = fold(&timeline, &select)?;
    for pair in rounds.windows(2) {
        println!("{:>5} days  {}", pair[1].0 - pair[0].0, pair[1].1);
    }
    Ok(())
}
