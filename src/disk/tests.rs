//! Folders made for a test, and what is read of them.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A folder that is gone when the test is over.
struct Temporary(PathBuf);

impl Temporary {
    fn new(files: &[(&str, &[u8])]) -> Temporary {
        let name = format!("asof-disk-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        for (name, content) in files {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Temporary(folder.canonicalize().unwrap())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(texts: &Texts) -> Vec<&str> {
    texts.files.iter().map(|text| text.name.as_str()).collect()
}

#[test]
fn reads_what_is_an_event_file_in_order_of_bytes() {
    let folder = Temporary::new(&[
        ("chronicle.yaml", b"title: T"),
        ("2025/b.yml", b"b"),
        ("2025-a.json", b"{}"),
        ("2025/Z.jsonl", b""),
        (".git/x.yaml", b""),
        ("_drafts/x.yaml", b""),
        ("2025/_x.yaml", b""),
        ("2025/.x.yaml", b""),
        ("README.md", b""),
    ]);
    let (texts, faults) = read(&folder.0, &[folder.0.join("_drafts/x.yaml")]).unwrap();
    let outside = folder.0.join("_drafts/x.yaml").display().to_string();
    assert_eq!(names(&texts), ["2025-a.json", "2025/Z.jsonl", "2025/b.yml", "chronicle.yaml", &outside]);
    assert_eq!((texts.own, faults.len()), (4, 0));
    assert_eq!(texts.files[2].content(), "b");
    assert_eq!(texts.folder, folder.0.file_name().unwrap().to_str().unwrap());
    assert!(read(&folder.0, &[folder.0.join("none.yaml")]).unwrap_err().message.contains("none.yaml"));
}

#[test]
fn bytes_that_are_no_utf8_cut_the_text() {
    let folder = Temporary::new(&[("a.yaml", b"x: 1\ny: \xff2\n"), ("b.yaml", b"\xef\xbb\xbfz")]);
    let (texts, faults) = read(&folder.0, &[]).unwrap();
    assert_eq!(texts.files[0].content(), "x: 1\ny: ");
    assert_eq!(texts.files[1].content(), "\u{feff}z");
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].code, faults[0].place), (Code::NotUtf8, Place::new(FileId(0), 8, 8)));
    assert_eq!(faults[0].message, "byte 8, on line 2, is not UTF-8: 0xFF");
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_never_out() {
    use std::os::unix::fs::symlink;
    let outside = Temporary::new(&[("secret.yaml", b"secret"), ("folder/x.yaml", b"secret")]);
    let folder = Temporary::new(&[("a/x.yaml", b"x"), ("_drafts/d.yaml", b"d")]);
    let at = |name: &str| folder.0.join(name);
    symlink(&folder.0, at("a/loop")).unwrap();
    symlink("loop2", at("loop2")).unwrap();
    symlink(at("a/x.yaml"), at("again.yaml")).unwrap();
    symlink(at("_drafts"), at("drafts")).unwrap();
    symlink(at("_drafts/d.yaml"), at("late.yaml")).unwrap();
    symlink(outside.0.join("secret.yaml"), at("leak.yaml")).unwrap();
    symlink(outside.0.join("folder"), at("leaks")).unwrap();
    symlink(outside.0.join("secret.yaml"), at("leak.txt")).unwrap();
    symlink(at("gone.yaml"), at("dangling.yaml")).unwrap();
    let (texts, faults) = read(&folder.0, &[]).unwrap();
    assert_eq!(names(&texts), ["a/x.yaml", "dangling.yaml", "drafts/d.yaml", "leak.yaml", "leaks"]);
    assert!(texts.files.iter().all(|text| !text.content().contains("secret")));
    let codes: Vec<(u32, Code)> = faults.iter().map(|fault| (fault.place.file.0, fault.code)).collect();
    assert_eq!(codes, [(1, Code::UnreadableFile), (3, Code::LinkLeavesFolder), (4, Code::LinkLeavesFolder)]);
}

#[test]
fn finds_the_nearest_chronicle() {
    let folder = Temporary::new(&[
        ("project/events/chronicle.yaml", b""),
        ("project/events/2025/x.yaml", b""),
        ("project/src/deep/x.txt", b""),
        ("plain/x.yaml", b""),
        ("empty/x.txt", b""),
    ]);
    let at = |name: &str| folder.0.join(name);
    assert_eq!(find(None, None, &at("project/src/deep")).unwrap(), at("project/events"));
    assert_eq!(find(None, None, &at("project/events/2025")).unwrap(), at("project/events"));
    assert_eq!(find(Some(Path::new("project")), None, &folder.0).unwrap(), Path::new("project/events"));
    assert_eq!(find(Some(Path::new("plain")), Some(OsStr::new("project")), &folder.0).unwrap(), Path::new("plain"));
    assert_eq!(find(None, Some(OsStr::new("plain")), &folder.0).unwrap(), Path::new("plain"));
    assert!(find(Some(Path::new("none")), None, &folder.0).is_err());
    assert!(find(None, None, Path::new("/")).is_err());
    assert!(read(&at("empty"), &[]).unwrap_err().message.starts_with("no event files under"));
}
