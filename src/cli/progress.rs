//! How far loading is: a bar on standard error, where that is a terminal and loading takes long enough to wonder.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
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
    bar: Arc<Mutex<Option<ProgressBar>>>,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Something that so many steps lead to.
    pub fn new(what: &'static str, steps: usize) -> Progress {
        let done = Arc::new(AtomicU64::new(0));
        let bar = Arc::new(Mutex::new(None));
        let shown = stderr().is_terminal().then(|| {
            let (over, wait) = channel::<()>();
            let (done, bar) = (done.clone(), bar.clone());
            let show = move || {
                let mut pause = PATIENCE;
                while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    pause = FRAME;
                    let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
                    let bar = bar.get_or_insert_with(|| start(what, steps as u64));
                    bar.set_position(done.load(Ordering::Relaxed));
                    bar.tick();
                }
                bar.lock().unwrap_or_else(PoisonError::into_inner).take().inspect(ProgressBar::finish_and_clear);
            };
            (over, spawn(show))
        });
        Progress { done, bar, shown }
    }

    /// One more step is done.
    pub fn step(&self) {
        self.steps(1);
    }

    /// So many more steps are done.
    pub fn steps(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// Does something that writes lines of its own, while the bar is not there.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
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
