//! How far loading is: a bar on standard error, where that is a terminal and loading takes long enough to wonder.

use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Nobody wonders before this.
const PATIENCE: Duration = Duration::from_millis(500);
const FRAME: Duration = Duration::from_millis(100);
const LOOK: &str = "{msg} {bar:30} {percent:>3} %  {elapsed}";

/// A bar that may be shown, and is gone when this is dropped.
pub struct Progress {
    done: Arc<AtomicU64>,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Something that so many steps lead to.
    pub fn new(what: &'static str, steps: usize) -> Progress {
        let done = Arc::new(AtomicU64::new(0));
        let shown = stderr().is_terminal().then(|| {
            let (over, wait) = channel::<()>();
            let done = done.clone();
            let show = move || {
                let mut bar = None;
                let mut pause = PATIENCE;
                while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    pause = FRAME;
                    let bar = bar.get_or_insert_with(|| start(what, steps as u64));
                    bar.set_position(done.load(Ordering::Relaxed));
                    bar.tick();
                }
                bar.inspect(ProgressBar::finish_and_clear);
            };
            (over, spawn(show))
        });
        Progress { done, shown }
    }

    /// One more step is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((over, thread)) = self.shown.take() {
            drop(over);
            // The line must be free before anything else is written.
            let _ = thread.join();
        }
    }
}

fn start(what: &'static str, steps: u64) -> ProgressBar {
    let bar = ProgressBar::new(steps).with_message(what).with_elapsed(PATIENCE);
    match ProgressStyle::with_template(LOOK) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
