//! Law 6: a chronicle on the disk with a cache beside it, to both of which things happen.

#![allow(clippy::disallowed_methods)]

use std::cell::Cell;
use std::fs::{self, File, FileTimes};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use asof::ask::{self, Asks, Question, Selectors};
use asof::cache::{Cache, State, unless_stale};
use asof::disk::{Listing, Stat};
use asof::history::{Column, Image};
use asof::model::text::{Text, Texts};
use asof::render::{Format, How, render};
use asof::timeline::Timeline;

use zerocopy::IntoBytes;

use super::asking::{Case, Verdict, question};
use super::questions::questions;

/// Longer than the tick within which the contents of files are asked.
const SETTLED: Duration = Duration::from_millis(60);

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A folder with the files of a chronicle, that of another, and a cache.
struct Place(PathBuf);

impl Place {
    fn new(case: &Case) -> Place {
        let name = format!("asof-kept-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let place = Place(std::env::temp_dir().join(name));
        for text in case.chronicle.texts().files {
            write(&place.chronicle().join(&text.name), text.content());
        }
        write(&place.chronicle().join("always.yaml"), "date: 2022\ntitle: apple\n");
        write(&place.0.join("other/always.yaml"), "date: 2022\ntitle: pear\n");
        place
    }

    fn chronicle(&self) -> PathBuf {
        self.0.join("random")
    }

    fn cache(&self, chronicle: &str) -> Cache {
        Cache::new(&self.0.join("kept"), &Arc::new(Listing::of(&self.0.join(chronicle)).unwrap()))
    }

    /// The event files.
    fn files(&self) -> Vec<PathBuf> {
        let listing = Listing::of(&self.chronicle()).unwrap();
        listing.names().map(|name| self.chronicle().join(name)).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn write(file: &Path, content: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

/// How many times the cache had the chronicle, and how many times a part of it.
#[derive(Default)]
pub struct Tally {
    pub warm: Cell<usize>,
    pub renewed: Cell<usize>,
}

/// The questions of a case, and some that look at everything.
fn all_questions(case: &Case) -> Vec<Question> {
    let list = Asks::List { filters: Vec::new(), since: None, until: None, reverse: false, limit: None };
    let check = Asks::Check { rules: Vec::new(), strict: false };
    let all = [Asks::Replay { words: Vec::new() }, list, check, Asks::Stats];
    questions(case).into_iter().chain(all.map(|asks| question(Selectors::default(), asks))).collect()
}

/// Holds the law over what the dice of a case let happen to files and cache.
pub fn holds(case: &Case, tally: &Tally) -> Verdict {
    let place = Place::new(case);
    let asked = all_questions(case);
    let mut before: Vec<String> = Vec::new();
    for dice in case.dice.chunks(2).take(10) {
        if dice[1] & 1 == 0 {
            std::thread::sleep(SETTLED);
        }
        let mut happened = happen(&place, dice[0], usize::from(dice[1] >> 1));
        if dice[0] & 0x80 != 0 {
            let more = happen(&place, (dice[0] >> 3) % 7, usize::from(dice[1] >> 2));
            happened = format!("{happened}, and {more}");
        }
        // Twice: what the first leaves is what the second finds.
        for _ in 0..2 {
            let expected = answers(&cold(&place).1, &asked);
            let found = with_cache(&place, &asked, tally);
            if let Some(at) = (0..expected.len()).find(|at| expected[*at] != found[*at]) {
                let (expected, found) = (&expected[at], &found[at]);
                return Err(format!("after {happened} and {before:?}:\n{expected}\nis from the cache:\n{found}"));
            }
        }
        before.push(happened);
    }
    Ok(())
}

/// As the program does it.
fn with_cache(place: &Place, asked: &[Question], tally: &Tally) -> Vec<String> {
    let cache = place.cache("random");
    let is_fresh = cache.state() == State::Fresh;
    if let Some(opened) = cache.find().and_then(|found| cache.open(found, &|| {})) {
        match unless_stale(|| (answers(&opened.timeline, asked), ask::house_faults(&opened.timeline))) {
            Ok((found, counts)) => {
                let counter = if is_fresh { &tally.warm } else { &tally.renewed };
                counter.set(counter.get() + 1);
                cache.renew(&opened, Some(counts));
                return found;
            }
            Err(_) => _ = cache.clear(),
        }
    }
    let (listing, timeline) = cold(place);
    let found = answers(&timeline, asked);
    Cache::new(&place.0.join("kept"), &Arc::new(listing)).write(&timeline, Some(ask::house_faults(&timeline)));
    found
}

fn cold(place: &Place) -> (Listing, Timeline) {
    let listing = Listing::of(&place.chronicle()).unwrap();
    let (texts, faults) = listing.read(&[], &|| {}).unwrap();
    (listing, Timeline::load(texts, faults))
}

fn answers(timeline: &Timeline, asked: &[Question]) -> Vec<String> {
    let one = |question: &Question| match ask::ask(timeline, question) {
        Ok(answer) => {
            let mut json = Vec::new();
            render(&answer, Format::Json, &How::default(), &mut json).unwrap();
            String::from_utf8(json).unwrap()
        }
        Err(refusal) => format!("{refusal} {:?}", refusal.help),
    };
    asked.iter().map(one).chain([format!("{:?}", ask::house_faults(timeline))]).collect()
}

/// Holds that a chronicle of which some files are as they were when an image was made says what it does when all of it
/// is read; each image is made of what came of the one before. Counts the images that could be used.
pub fn renewal_holds(case: &Case, tally: &Tally) -> Verdict {
    let asked = all_questions(case);
    let mut texts = case.chronicle.texts();
    let load = |texts: &Texts| Timeline::load(texts.clone(), Vec::new());
    let Some(mut bytes) = load(&texts).image(&[], None) else { return Ok(()) };
    for dice in case.dice.chunks(2).take(8) {
        let old = texts.clone();
        let happened = edit(&mut texts, dice[0], usize::from(dice[1]));
        let number = |text: &Text| {
            let same = |old: &Text| old.name == text.name && old.content() == text.content();
            old.files.iter().position(same).map(|number| number as u32)
        };
        let known: Vec<Option<u32>> = texts.files.iter().map(number).collect();
        let image = Arc::new(Image::open(Box::new(bytes.clone())).ok_or("no image")?);
        let renewed = Timeline::renewed(texts.clone(), &image, 0, &known, &|| {}).ok_or("an image of no timeline")?;
        let read = load(&texts);
        let (found, expected) = (answers(&renewed, &asked), answers(&read, &asked));
        if let Some(at) = (0..expected.len()).find(|at| expected[*at] != found[*at]) {
            return Err(format!("after {happened}:\n{}\nis renewed to:\n{}", expected[at], found[at]));
        }
        match renewed.image(&[], None) {
            Some(next) => bytes = next,
            // What is not whole is kept by nobody; the next goes on from the last that was.
            None => texts = old,
        }
        tally.renewed.set(tally.renewed.get() + usize::from(known.iter().any(Option::is_some)));
    }
    Ok(())
}

/// Lets something happen to texts that stay in the order of their names, and says what; never to a manifest.
fn edit(texts: &mut Texts, what: u8, which: usize) -> String {
    let events: Vec<usize> =
        (0..texts.files.len()).filter(|at| !asof::parse::is_manifest(&texts.files[*at].name)).collect();
    let Some(at) = events.get(which % events.len().max(1)).copied() else { return "nothing".to_owned() };
    let Text { name, .. } = &texts.files[at];
    let (name, content) = (name.clone(), texts.files[at].content().to_owned());
    let happened = match what % 8 {
        0 if events.len() > 1 => {
            texts.files.remove(at);
            format!("{name} gone")
        }
        0 | 1 => {
            let added = format!("date: 202{}-02\ntitle: plum\nset: {{a.one: y}}\nsources: [s1]\n", which % 8);
            texts.files.push(Text::new(format!("added-{which}.yaml"), added));
            "a file more".to_owned()
        }
        2 => {
            texts.files[at] = Text::new(format!("{}-{name}", which % 3), content);
            format!("{name} under another name")
        }
        3 => {
            texts.files.push(Text::new(format!("copy-{name}"), content));
            format!("{name} twice")
        }
        4 => {
            let expecting = "as_of: 2022\nexpect: {a.one: y}\n";
            texts.files.push(Text::new(format!("expected-{}.yaml", which % 4), expecting));
            "an expectation".to_owned()
        }
        5 => {
            texts.files[at] = Text::new(name.clone(), content.replacen("title: ", "title: a", 1));
            format!("a word in {name}")
        }
        _ => {
            let year = content.match_indices("202").nth(which % 4).map(|(at, _)| at + 3);
            let mut written = content.clone();
            if let Some(year) = year.filter(|at| written.as_bytes().get(*at).is_some_and(u8::is_ascii_digit)) {
                written.replace_range(year..=year, ["1", "2", "3"][which % 3]);
            }
            texts.files[at] = Text::new(name.clone(), written);
            format!("another year in {name}")
        }
    };
    texts.files.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
    texts.files.dedup_by(|one, other| one.name == other.name);
    texts.own = texts.files.len();
    happened
}

/// Lets something happen to the files or to the cache, and says what.
fn happen(place: &Place, what: u8, which: usize) -> String {
    let files = place.files();
    let file = &files[which % files.len()];
    let events: Vec<&PathBuf> = files.iter().filter(|file| !file.ends_with("chronicle.yaml")).collect();
    let event = events[which % events.len()];
    let kept = place.cache("random").file();
    let shown = |file: &Path| file.strip_prefix(&place.0).unwrap_or(file).display().to_string();
    let times = |file: &Path| FileTimes::new().set_modified(fs::metadata(file).unwrap().modified().unwrap());
    match what % 17 {
        0 => "nothing".to_owned(),
        1 => {
            let text = fs::read_to_string(file).unwrap();
            fs::write(file, format!("{text}# so\n")).unwrap();
            format!("an edit of {}", shown(file))
        }
        2 => {
            let now = FileTimes::new().set_modified(SystemTime::now());
            File::options().write(true).open(file).unwrap().set_times(now).unwrap();
            format!("a touch of {}", shown(file))
        }
        3 => {
            let name = format!("{}renamed-{which}.yaml", if which.is_multiple_of(2) { "a-" } else { "z/" });
            fs::create_dir_all(place.chronicle().join("z")).unwrap();
            fs::rename(event, place.chronicle().join(name)).unwrap();
            format!("{} under another name", shown(event))
        }
        4 if events.len() > 1 => {
            fs::remove_file(event).unwrap();
            format!("{} gone", shown(event))
        }
        4 | 5 => {
            write(
                &place.chronicle().join(format!("added-{which}.yaml")),
                "date: 2023-02\ntitle: plum\nset: {a.one: y}\n",
            );
            "a file more".to_owned()
        }
        6 => {
            let written = same_size(event);
            format!("an edit of the same size of {}: {written}", shown(event))
        }
        7 => {
            same_size(event);
            let number = files.iter().position(|other| other == event).unwrap();
            let stat = Listing::of(&place.chronicle()).unwrap().file(number).unwrap().1;
            spoil(&kept, |bytes| *bytes = of_the_same_tick(bytes, number, stat), "of one tick with an edit")
        }
        8 => {
            let old = times(event);
            same_size(event);
            File::options().write(true).open(event).unwrap().set_times(old).unwrap();
            format!("an edit of the same size of {} and its time set back", shown(event))
        }
        9 => {
            let text = fs::read_to_string(event).unwrap().replacen("title: ", "title: q", 1);
            let (beside, old) = (event.with_extension("new"), times(event));
            fs::write(&beside, text).unwrap();
            File::options().write(true).open(&beside).unwrap().set_times(old).unwrap();
            fs::rename(beside, event).unwrap();
            format!("another file at the place of {}, of the same age", shown(event))
        }
        10 => spoil(&kept, |bytes| bytes.truncate(bytes.len() * which / 128), "cut"),
        11 => {
            let garble = |bytes: &mut Vec<u8>| {
                let at = bytes.len() * which / 128;
                bytes[at] ^= 1 << (which % 8);
            };
            spoil(&kept, garble, "garbled")
        }
        12 => spoil(
            &kept,
            |bytes| {
                let start = bytes.len() * which / 128;
                bytes[start..].fill(0);
            },
            "zeroed from some point on",
        ),
        13 => {
            let other = place.cache("other");
            let (texts, faults) = asof::disk::read(&place.0.join("other"), &[]).unwrap();
            other.write(&Timeline::load(texts, faults), Some((0, 0)));
            let _ = fs::rename(other.file(), kept);
            "the cache of another chronicle in place of this one's".to_owned()
        }
        14 => spoil(&kept, |bytes| *bytes = of_another_version(bytes), "that of another version"),
        15 => {
            let voices = place.chronicle().join("voices.yaml");
            match fs::remove_file(&voices) {
                Ok(()) => "a manifest's part gone".to_owned(),
                Err(_) => {
                    write(&voices, "somebody: {name: Somebody}\n");
                    "a manifest's part more".to_owned()
                }
            }
        }
        _ => {
            if let Ok(about) = fs::metadata(&kept) {
                let mut rights = about.permissions();
                rights.set_mode(if which.is_multiple_of(2) { 0o400 } else { 0o666 });
                fs::set_permissions(&kept, rights).unwrap();
            }
            "other rights of the cache".to_owned()
        }
    }
}

/// Puts another digit into the first year, which the index knows, or another letter into a title, which is read again.
fn same_size(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let year = text.find("202").map(|at| at + 3).filter(|at| text[*at..].starts_with(|c: char| c.is_ascii_digit()));
    let (at, letters) = match (year, text.find("title: ")) {
        (Some(at), _) if text.len().is_multiple_of(2) => (at, ["1", "3"]),
        (_, Some(at)) => (at + 7, ["w", "x"]),
        _ => return "nothing to write".to_owned(),
    };
    let letter = letters[usize::from(text[at..].starts_with(letters[0]))];
    let mut stream = File::options().write(true).open(file).unwrap();
    stream.seek(SeekFrom::Start(at as u64)).unwrap();
    stream.write_all(letter.as_bytes()).unwrap();
    format!("{letter} at {at}")
}

/// Does something to the cache's file, if it is there, as a program might that has the same user.
fn spoil(kept: &Path, how: impl FnOnce(&mut Vec<u8>), said: &str) -> String {
    if let Ok(mut bytes) = fs::read(kept) {
        how(&mut bytes);
        let beside = kept.with_extension("spoilt");
        fs::write(&beside, bytes).unwrap();
        fs::set_permissions(&beside, fs::Permissions::from_mode(0o600)).unwrap();
        fs::rename(beside, kept).unwrap();
    }
    format!("the cache {said}")
}

/// The same image, as sound as it was, with another version in its key.
fn of_another_version(bytes: &[u8]) -> Vec<u8> {
    remade(bytes, |sections| sections[0][16] ^= 1)
}

/// The image that would be there if the clock of the files had stood still since before it was made: it says of a file
/// what the system says now. Rows are 80 bytes and begin with it.
fn of_the_same_tick(bytes: &[u8], number: usize, stat: Stat) -> Vec<u8> {
    remade(bytes, |sections| {
        stat.changed.as_bytes().clone_into(&mut sections[1]);
        if let Some(row) = sections[2].get_mut(number * 80..number * 80 + size_of::<Stat>()) {
            row.copy_from_slice(stat.as_bytes());
        }
    })
}

/// An image with something else in its sections.
fn remade(bytes: &[u8], how: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    // What happened to it before may have been worse.
    let Some(image) = Image::open(Box::new(bytes.to_vec())).filter(Image::is_whole) else { return bytes.to_vec() };
    let image = Arc::new(image);
    let read = |section| Column::<u8>::mapped(&image, section);
    let mut sections: Vec<Vec<u8>> = (0..).map_while(read).map(|section| section.all().to_vec()).collect();
    how(&mut sections);
    Image::of(&sections.iter().map(Vec::as_slice).collect::<Vec<_>>())
}
