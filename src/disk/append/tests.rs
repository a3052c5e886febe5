//! Each step of an append failed, and killed in a process of its own: there is no event or a whole one, and the next
//! append goes well.

use std::cell::Cell;
use std::process::Command;

use super::*;

/// Longer than is written at once.
fn text() -> Vec<u8> {
    "date: 2025\ntitle: One\nsummary: ".bytes().chain(std::iter::repeat_n(b'x', 3 * PART)).collect()
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("asof-append-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn append(&self, at: &dyn Fn(Step) -> io::Result<()>) -> Result<(), DiskError> {
        append(&Lock::of(&self.0).unwrap(), &self.0, "2025/one.yaml", &text(), at)
    }

    /// The event, if it is there; it is whole.
    fn is_there(&self) -> bool {
        let read = fs::read(self.0.join("2025/one.yaml")).ok();
        assert!(read.as_ref().is_none_or(|read| *read == text()), "a part of an event");
        read.is_some()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.join("2025")).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn full() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

#[test]
fn an_event_comes_and_is_never_replaced() {
    let folder = Folder::new("plain");
    folder.append(&|_| Ok(())).unwrap();
    assert!(folder.is_there());
    let refused = folder.append(&|_| Ok(())).unwrap_err();
    assert!(refused.message.contains("already"), "{refused}");
    assert!(folder.is_there());
    assert_eq!(folder.names(), ["one.yaml"]);
}

#[test]
fn what_fails_at_any_step_leaves_nothing_or_the_whole() {
    for step in Step::ALL {
        let folder = Folder::new("fails");
        let failed = folder.append(&|at| if at == step { Err(full()) } else { Ok(()) });
        let is_late = matches!(step, Step::Link | Step::Rename | Step::Remove | Step::SyncFolder | Step::Done);
        assert_eq!(folder.is_there(), is_late, "{step:?}: {failed:?}");
        match step {
            // A link that cannot be made is made up for by a rename.
            Step::Link | Step::Rename | Step::Remove => assert_eq!(failed, Ok(()), "{step:?}"),
            _ => assert!(failed.is_err(), "{step:?}"),
        }
        let is_left = step == Step::Remove;
        assert_eq!(folder.names().iter().any(|name| name.ends_with(".tmp")), is_left, "{step:?}: {:?}", folder.names());
        let again = folder.append(&|_| Ok(()));
        assert_eq!(again.is_err(), is_late, "{step:?}: {again:?}");
        assert!(folder.is_there());
        assert_eq!(folder.names(), ["one.yaml"], "{step:?}");
    }
}

#[test]
fn a_disk_that_fills_up_on_the_way_leaves_nothing() {
    for parts in 1..4 {
        let (folder, written) = (Folder::new("full"), Cell::new(0));
        let failed = folder.append(&|at| {
            written.set(written.get() + usize::from(at == Step::Part));
            if written.get() > parts { Err(full()) } else { Ok(()) }
        });
        let error = failed.unwrap_err();
        assert!(error.message.contains("cannot write") && error.message.contains("one.yaml"), "{error}");
        assert_eq!(folder.names(), Vec::<String>::new());
    }
}

#[test]
fn without_links_a_rename_replaces_nothing_either() {
    let folder = Folder::new("rename");
    let no_links = |at| if at == Step::Link { Err(io::Error::from(io::ErrorKind::Unsupported)) } else { Ok(()) };
    folder.append(&no_links).unwrap();
    assert!(folder.is_there());
    fs::write(folder.0.join("2025/one.yaml"), "another").unwrap();
    assert!(folder.append(&no_links).unwrap_err().message.contains("already"));
    assert_eq!(fs::read(folder.0.join("2025/one.yaml")).unwrap(), b"another");
    let neither = |at| if matches!(at, Step::Link | Step::Rename) { Err(full()) } else { Ok(()) };
    fs::remove_file(folder.0.join("2025/one.yaml")).unwrap();
    let _ = folder.append(&neither);
    assert!(folder.names().iter().all(|name| !name.ends_with(".tmp")), "{:?}", folder.names());
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = Folder::new("read-only");
    // A file where the folder should be stops even root.
    fs::write(folder.0.join("2025"), "a file").unwrap();
    let failed = folder.append(&|_| Ok(())).unwrap_err();
    assert!(failed.message.starts_with("cannot write"), "{failed}");
    assert_eq!(fs::read(folder.0.join("2025")).unwrap(), b"a file");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_behind_a_link_that_leads_out() {
    let (folder, outside) = (Folder::new("link"), Folder::new("link-outside"));
    std::os::unix::fs::symlink(&outside.0, folder.0.join("2025")).unwrap();
    let refused = folder.append(&|_| Ok(())).unwrap_err();
    assert!(refused.message.ends_with("a link leads out of the chronicle's folder"), "{refused}");
    assert_eq!(fs::read_dir(&outside.0).unwrap().count(), 0);
    // Within the folder a link is as good as the folder itself.
    fs::remove_file(folder.0.join("2025")).unwrap();
    fs::create_dir(folder.0.join("years")).unwrap();
    std::os::unix::fs::symlink("years", folder.0.join("2025")).unwrap();
    folder.append(&|_| Ok(())).unwrap();
    assert!(folder.is_there());
}

/// Where the child of [`a_kill_at_any_step_leaves_nothing_or_the_whole`] is told what to do.
const KILLED: &str = "ASOF_TEST_KILLED";

#[test]
#[ignore = "a process for the test below"]
fn killed() {
    let Ok(told) = std::env::var(KILLED) else { return };
    let (step, path) = told.split_once(' ').unwrap();
    let folder = std::mem::ManuallyDrop::new(Folder(path.into()));
    let parts = Cell::new(0);
    let _ = folder.append(&|at| {
        parts.set(parts.get() + usize::from(at == Step::Part));
        if format!("{at:?}{}", parts.get()) == step || format!("{at:?}") == step {
            std::process::abort();
        }
        // So that a rename is met, too.
        if step == "Rename" && at == Step::Link { Err(full()) } else { Ok(()) }
    });
}

#[test]
fn a_kill_at_any_step_leaves_nothing_or_the_whole() {
    let steps = Step::ALL.iter().map(|step| format!("{step:?}")).chain((2..5).map(|part| format!("Part{part}")));
    for step in steps {
        let folder = Folder::new(&format!("kill-{step}"));
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "--ignored", "disk::append::tests::killed"]);
        let ended = child.env(KILLED, format!("{step} {}", folder.0.display())).output().unwrap();
        assert_eq!(ended.status.code().is_none(), step != "Part5", "{step}: {ended:?}");
        let was_there = folder.is_there();
        assert_eq!(was_there, ["Remove", "SyncFolder", "Done"].contains(&step.as_str()), "{step}");
        // Nobody is left to hold the lock.
        let again = folder.append(&|_| Ok(()));
        assert_eq!(again.is_err(), was_there, "{step}: {again:?}");
        assert!(folder.is_there());
        assert_eq!(folder.names(), ["one.yaml"], "{step}");
    }
}
