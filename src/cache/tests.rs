//! Each thing that can be wrong with a cache, one at a time, in folders made for the test.

use super::*;
use std::fs::{File, FileTimes};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A chronicle of two files, and a place for a cache.
struct Place(PathBuf);

impl Place {
    fn new() -> Place {
        let name = format!("asof-cache-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let place = Place(std::env::temp_dir().join(name));
        fs::create_dir_all(place.0.join("events")).unwrap();
        place.write("a.yaml", "date: 2022\ntitle: One\nset: {a.b: c}\n");
        place.write("b.yaml", "date: 2023\ntitle: Two\nset: {a.b: d}\n");
        place
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.0.join("events").join(name), content).unwrap();
    }

    fn kept(&self) -> PathBuf {
        self.0.join("home/asof")
    }

    fn cache(&self) -> Cache {
        Cache::new(&self.kept(), &Arc::new(Listing::of(&self.0.join("events")).unwrap()))
    }

    /// Loads cold and writes the cache.
    fn fill(&self) -> Cache {
        let cache = self.cache();
        let (texts, faults) = cache.listing.read(&[], &|| {}).unwrap();
        cache.write(&Timeline::load(texts, faults), Some((0, 7)));
        cache
    }

    /// What the cache has, as far as the files are what they were.
    fn open(&self) -> Option<Opened> {
        let cache = self.cache();
        cache.open(cache.find()?, &|| {})
    }

    /// Waits until the times of the files tell whether they change.
    fn settle(&self) {
        std::thread::sleep(Duration::from_millis(60));
    }

    fn names_kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.kept()).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

type Damage<'a> = &'a dyn Fn(&mut Vec<u8>);

/// The title of the second event, which is read from its file.
fn second_title(opened: &Opened) -> Result<String, Stale> {
    unless_stale(|| opened.timeline.history().event(1).title.value.clone())
}

fn spoil(file: &Path, how: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    how(&mut bytes);
    fs::remove_file(file).unwrap();
    fs::write(file, bytes).unwrap();
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

fn sections_of(file: &Path) -> Vec<Vec<u8>> {
    let image = Arc::new(Image::open(Box::new(fs::read(file).unwrap())).unwrap());
    let read = |section| Column::<u8>::mapped(&image, section);
    (0..).map_while(read).map(|section| section.all().to_vec()).collect()
}

#[test]
fn what_is_kept_is_found_again_with_its_counts() {
    let place = Place::new();
    assert_eq!(place.cache().state(), State::Absent);
    assert!(place.open().is_none());
    place.settle();
    place.fill();
    assert_eq!(place.cache().state(), State::Fresh);
    let opened = place.open().unwrap();
    assert!(!opened.renews);
    assert_eq!(opened.timeline.counts(), Some((0, 7)));
    assert_eq!(second_title(&opened).unwrap(), "Two");
    assert_eq!(place.names_kept().len(), 1, "nothing is left beside it");
    assert_eq!(kept_in(&place.kept()), (1, place.cache().size().unwrap()));
    assert!(place.cache().clear().unwrap() && !place.cache().clear().unwrap());
    assert!(place.open().is_none());
}

#[test]
fn of_files_that_are_not_as_they_were_those_alone_are_read_again() {
    use std::sync::Mutex;
    for (name, content, titles, parsed) in [
        ("b.yaml", Some("date: 2023\ntitle: Six\n"), "One, Six", 1),
        ("c.yaml", Some("date: 2024\ntitle: Three\n"), "One, Two, Three", 1),
        ("a.yaml", None, "Two", 0),
    ] {
        let place = Place::new();
        place.settle();
        place.fill();
        match content {
            Some(content) => place.write(name, content),
            None => fs::remove_file(place.0.join("events").join(name)).unwrap(),
        }
        let cache = place.cache();
        assert_eq!(cache.state(), State::Changed, "{name}");
        let count = Mutex::new(0);
        let opened = cache.open(cache.find().unwrap(), &|| *count.lock().unwrap() += 1).unwrap();
        let of_all = opened.timeline.events().map(|event| event.title.value.as_str());
        assert_eq!((of_all.collect::<Vec<_>>().join(", "), *count.lock().unwrap()), (titles.to_owned(), parsed));
        cache.renew(&opened, Some((0, 3)));
        assert_eq!(place.cache().state(), State::Fresh, "{name}");
        assert_eq!(place.open().unwrap().timeline.counts(), Some((0, 3)));
    }
}

#[test]
fn with_another_manifest_all_is_read_again() {
    let place = Place::new();
    place.settle();
    place.fill();
    for content in [Some("title: Some\n"), Some("title: More\n"), None] {
        let manifest = place.0.join("events/chronicle.yaml");
        match content {
            Some(content) => fs::write(manifest, content).unwrap(),
            None => fs::remove_file(manifest).unwrap(),
        }
        assert_eq!(place.cache().state(), State::Changed);
        assert!(place.open().is_none(), "{content:?}");
        place.fill();
        assert!(place.open().is_some());
    }
}

#[test]
fn an_edit_of_the_same_size_within_one_tick_is_noticed() {
    // No clock can be made to stand still, so the cache is made to say what it would say then: the times of now.
    for (later, state) in [(0, State::Changed), (10, State::Fresh)] {
        let place = Place::new();
        let file = place.fill().file();
        place.write("b.yaml", "date: 2023\ntitle: Six\nset: {a.b: d}\n");
        let (_, stat) = place.cache().listing.file(1).unwrap();
        let mut sections = sections_of(&file);
        let began = [stat.changed[0] + later, stat.changed[1]];
        began.as_bytes().clone_into(&mut sections[1]);
        let row = size_of::<FileRow>();
        sections[2][row..row + size_of::<Stat>()].copy_from_slice(stat.as_bytes());
        spoil(&file, |bytes| *bytes = Image::of(&sections.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        assert_eq!(place.cache().state(), state, "{later} seconds later nothing could tell");
    }
}

#[test]
fn a_touch_is_asked_once_for_the_content() {
    let place = Place::new();
    place.settle();
    place.fill();
    let old = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH);
    File::options().write(true).open(place.0.join("events/b.yaml")).unwrap().set_times(old).unwrap();
    place.settle();
    let opened = place.open().unwrap();
    assert!(opened.renews);
    assert_eq!(second_title(&opened).unwrap(), "Two");
    place.cache().renew(&opened, None);
    let again = place.open().unwrap();
    assert!(!again.renews);
    assert_eq!(again.timeline.counts(), Some((0, 7)));
}

#[test]
fn a_file_that_changes_while_it_is_asked_ends_the_answer() {
    let place = Place::new();
    place.settle();
    place.fill();
    let changes: [&dyn Fn(&Path); 3] = [
        &|file| fs::write(file, "date: 2023\ntitle: Six\nset: {a.b: d}\n").unwrap(),
        &|file| fs::write(file, "d").unwrap(),
        &|file| fs::remove_file(file).unwrap(),
    ];
    for change in changes {
        let place = Place::new();
        place.settle();
        place.fill();
        let opened = place.open().unwrap();
        change(&place.0.join("events/b.yaml"));
        assert!(second_title(&opened).is_err());
    }
}

#[test]
fn another_fault_than_a_stale_one_is_not_hidden() {
    let thrown = std::panic::catch_unwind(|| unless_stale(|| resume_unwind(Box::new("a fault of the program"))));
    assert_eq!(*thrown.unwrap_err().downcast::<&str>().unwrap(), "a fault of the program");
    assert_eq!(unless_stale(|| Stale::end("x")), Err::<(), _>(Stale { what: "x".into() }));
}

#[test]
fn every_damage_is_noticed() {
    let place = Place::new();
    place.settle();
    let file = place.fill().file();
    let whole = fs::read(&file).unwrap();
    let expected = second_title(&place.open().unwrap());
    let mut noticed = 0;
    for at in (0..whole.len()).step_by(97).chain(0..64) {
        let damages: [Damage<'_>; 3] =
            [&|bytes| bytes[at] ^= 0x40, &|bytes| bytes.truncate(at), &|bytes| bytes[at..].fill(0)];
        for damage in damages {
            spoil(&file, |bytes| {
                whole.clone_into(bytes);
                damage(bytes);
            });
            match place.open() {
                None => noticed += 1,
                Some(opened) => assert!(second_title(&opened).is_err() || second_title(&opened) == expected),
            }
        }
    }
    assert!(noticed > 128, "{noticed}");
}

#[test]
fn an_image_of_another_program_or_chronicle_is_none() {
    let place = Place::new();
    let (mine, other) = (place.fill(), Place::new());
    fs::rename(other.fill().file(), mine.file()).unwrap();
    assert_eq!(place.cache().state(), State::Absent);
    place.fill();
    let sections = sections_of(&mine.file());
    for byte in 0..sections[0].len() {
        let mut changed = sections.clone();
        changed[0][byte] ^= 1;
        let bytes = Image::of(&changed.iter().map(Vec::as_slice).collect::<Vec<_>>());
        spoil(&mine.file(), |kept| *kept = bytes);
        assert_eq!(place.cache().state(), State::Absent, "byte {byte} of the key");
    }
    spoil(&mine.file(), |kept| *kept = Image::of(&sections[..2].iter().map(Vec::as_slice).collect::<Vec<_>>()));
    assert!(place.open().is_none(), "an image without files");
}

#[cfg(unix)]
#[test]
fn a_file_that_somebody_else_could_have_written_is_none() {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    let place = Place::new();
    let file = place.fill().file();
    let rights = |mode| fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
    for mode in [0o620, 0o602, 0o666] {
        rights(mode);
        assert!(place.open().is_none(), "{mode:o}");
    }
    rights(0o400);
    assert!(place.open().is_some());
    // Only who may give files away can try this.
    if chown(&file, Some(12345), None).is_ok() {
        assert!(place.open().is_none());
        chown(&file, Some(rustix::process::geteuid().as_raw()), None).unwrap();
    }
    let elsewhere = place.0.join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    assert!(place.open().is_none(), "a link");
    fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert!(place.open().is_none(), "a pipe, which nobody waits for");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(place.open().is_none(), "a folder");
    place.fill();
    assert!(place.open().is_none());
    assert_eq!(place.names_kept().len(), 1, "what cannot take its place does not stay beside it");
}

#[test]
fn where_nothing_can_be_written_nothing_is_said() {
    let place = Place::new();
    fs::write(place.0.join("home"), "a file where a folder should be").unwrap();
    place.fill();
    assert_eq!((place.cache().state(), kept_in(&place.kept())), (State::Absent, (0, 0)));
    assert_eq!(clear_all(&place.kept()).unwrap(), 0);
}

#[test]
fn what_killed_writers_left_is_removed_later_and_nothing_else() {
    let place = Place::new();
    let file = place.fill().file();
    let others = ["notes.txt", "0123.asof", "young"];
    let left = |name: &str| file.with_extension(format!("{name}.tmp"));
    for name in [left("old"), left("young")].into_iter().chain(others.map(|name| place.kept().join(name))) {
        fs::write(name, "x").unwrap();
    }
    let old = FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(7200));
    File::options().write(true).open(left("old")).unwrap().set_times(old).unwrap();
    place.fill();
    assert!(!left("old").exists() && left("young").exists() && file.exists());
    assert_eq!(clear_all(&place.kept()).unwrap(), 1);
    let mut names = place.names_kept();
    names.sort();
    assert_eq!(names, ["0123.asof", "notes.txt", "young"]);
}

#[test]
fn several_writers_leave_one_whole_file() {
    let place = Place::new();
    place.settle();
    std::thread::scope(|scope| (0..8).for_each(|_| _ = scope.spawn(|| place.fill())));
    assert_eq!(place.names_kept().len(), 1);
    assert_eq!(second_title(&place.open().unwrap()).unwrap(), "Two");
}

#[test]
fn a_chronicle_that_is_not_whole_is_not_kept() {
    let place = Place::new();
    place.write("c.yaml", "date: 2024\ntitel: Three\n");
    assert_eq!(place.fill().state(), State::Absent);
}

#[test]
fn a_file_is_settled_when_its_clock_has_gone_on() {
    let at = |nanos: i64| Stat { modified: [100, nanos], changed: [100, nanos], ..Stat::default() };
    assert!(!is_settled(&at(1_234_567), [100, 40_000_000]) && is_settled(&at(1_234_567), [100, 60_000_000]));
    assert!(!is_settled(&at(0), [101, 900_000_000]) && is_settled(&at(0), [102, 1]), "whole seconds: a coarse clock");
    let future = Stat { modified: [4_000_000_000, 1], ..at(1_234_567) };
    assert!(!is_settled(&future, [200, 0]), "a time in the future says nothing");
}
