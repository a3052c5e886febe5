//! How the server follows the files of its chronicle.

use std::fs;

use super::client::{Folder, Server, run};

#[test]
fn a_chronicle_is_followed_while_it_is_edited_broken_and_mended() {
    let folder = Folder::new("followed");
    let server = Server::of(&folder.0);
    let state = || server.get("/api/replay").json()["state"]["a.b"].as_str().unwrap().to_owned();
    let checked = || {
        let printed = run(&["-C", folder.0.to_str().unwrap(), "check", "-O", "json"]).stdout;
        server.get("/api/check").body == printed
    };
    let mut changes = server.listen();
    let (first, faults) = changes.next().unwrap();
    assert_eq!((faults, &*state()), (0, "old"));

    folder.write("one.yaml", "date: 2022\ntitle: One\nset: {a.b: new}\n");
    let (edited, _) = changes.until(|faults| faults == 0);
    assert_ne!(edited, first);
    assert_eq!(state(), "new");

    // Two errors at a stroke: the last good state stays, and `check` tells what is wrong.
    folder.write("two.yaml", "date: 2022-13\ntitle: Two\nst: {a.b: broken}\n");
    assert_eq!(changes.until(|faults| faults == 2), (edited.clone(), 2));
    assert_eq!(state(), "new");
    assert!(checked(), "check is answered from the files as they are");
    assert_eq!(server.listen().next(), Some((edited.clone(), 2)), "who comes later is told at once");

    folder.write("two.yaml", "date: 2023\ntitle: Two\nset: {a.b: mended}\n");
    let (mended, _) = changes.until(|faults| faults == 0);
    assert_ne!(mended, edited);
    assert_eq!(state(), "mended");
    assert!(checked());

    // What is hidden is no part of the chronicle; the next change that is told is the one after it.
    folder.write("_draft.yaml", "date: [");
    folder.write("two.yaml", "date: 2023\ntitle: Two\nset: {a.b: latest}\n");
    assert_ne!(changes.until(|_| true).0, mended);
    assert_eq!(state(), "latest");
}

#[test]
fn a_folder_that_is_gone_is_served_on_and_found_again() {
    let (folder, aside, other) = (Folder::new("gone"), Folder::new("gone-aside"), Folder::new("gone-other"));
    other.write("one.yaml", "date: 2022\ntitle: One\nset: {a.b: other}\n");
    let server = Server::of(&folder.0);
    let state = || server.get("/api/replay").json()["state"]["a.b"].as_str().unwrap().to_owned();
    let mut changes = server.listen();
    let (first, _) = changes.next().unwrap();
    fs::rename(&folder.0, aside.0.join("was")).unwrap();
    // Whoever looks in between finds files that cannot be read.
    assert_eq!(changes.until(|faults| faults == 1), (first.clone(), 1));
    assert_eq!((&*state(), server.get("/api/check").fault().0), ("old", 503));
    // Another folder of the same name is read, and followed from then on.
    fs::rename(&other.0, &folder.0).unwrap();
    assert_ne!(changes.until(|faults| faults == 0).0, first);
    assert_eq!(state(), "other");
    folder.write("one.yaml", "date: 2022\ntitle: One\nset: {a.b: edited}\n");
    changes.until(|faults| faults == 0);
    assert_eq!(state(), "edited");
}

#[test]
fn a_chronicle_with_errors_is_served_as_far_as_it_holds_if_one_says_so() {
    let folder = Folder::new("errors");
    folder.write("two.yaml", "date: 2022-13\ntitle: Two\n");
    let path = folder.0.to_str().unwrap();
    let refused = run(&["-C", path, "serve", "--port", "0"]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("error[bad-date]"));
    let server = Server::with(&["-C", path, "--keep-going", "serve", "--port", "0"]);
    assert_eq!(server.get("/api/replay").body, run(&["-C", path, "--keep-going", "replay", "-O", "json"]).stdout);
    assert_eq!(server.listen().next().unwrap().1, 1);
}
