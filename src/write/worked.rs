//! The chronicle that `asof init` writes: small, complete, with comments that teach. Its files stand in `examples/bridge/`.

/// The names and texts of its files.
pub const FILES: [(&str, &str); 9] = [
    ("chronicle.yaml", include_str!("../../examples/bridge/chronicle.yaml")),
    ("events/1931/1931-05-02-opening.yaml", include_str!("../../examples/bridge/events/1931/1931-05-02-opening.yaml")),
    ("events/1947/1947-03-flood.yaml", include_str!("../../examples/bridge/events/1947/1947-03-flood.yaml")),
    (
        "events/1947/1947-03-15-first-count.yaml",
        include_str!("../../examples/bridge/events/1947/1947-03-15-first-count.yaml"),
    ),
    (
        "events/1947/1947-03-15-inquiry-counts-five.yaml",
        include_str!("../../examples/bridge/events/1947/1947-03-15-inquiry-counts-five.yaml"),
    ),
    ("events/1947/1947-04-ferry.yaml", include_str!("../../examples/bridge/events/1947/1947-04-ferry.yaml")),
    ("events/1951/1951-new-piers.yaml", include_str!("../../examples/bridge/events/1951/1951-new-piers.yaml")),
    (
        "events/1952/1952-09-06-second-opening.yaml",
        include_str!("../../examples/bridge/events/1952/1952-09-06-second-opening.yaml"),
    ),
    ("expectations.yaml", include_str!("../../examples/bridge/expectations.yaml")),
];

/// What to type next, and what comes of it.
pub const NEXT: [(&str, &str); 7] = [
    ("replay 1947-12", "how things stood at the end of 1947"),
    ("replay 1947-03-13", "`?`: it may have fallen that night"),
    ("why flood.1947.cause", "who says what, on whose word"),
    ("diff 1947-12 --known-by 1947-05", "what was not known yet in May"),
    ("show 1947-03-flood", "one event whole"),
    ("check", "silent: nothing is wrong"),
    ("add --date 1953-06 --title 'First market on the bridge' --source paper", "an event of your own"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_example_is_written() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bridge");
        let mut folders = vec![root.clone()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        found.sort();
        let mut written = FILES.map(|(name, _)| name.to_owned());
        written.sort();
        assert_eq!(found, written);
    }
}
