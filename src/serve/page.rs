//! The page: the files of `web/dist/`, embedded in the program. Knows nothing of any chronicle.

/// A file of the page.
#[derive(Debug)]
pub(super) struct File {
    /// Where it is served.
    pub(super) address: &'static str,
    /// Its type.
    pub(super) kind: &'static str,
    /// What it holds.
    pub(super) content: &'static str,
}

/// Every file there is.
pub(super) const FILES: [File; 3] = [
    File { address: "/", kind: "text/html; charset=utf-8", content: include_str!("../../web/dist/index.html") },
    File {
        address: "/asof.js",
        kind: "text/javascript; charset=utf-8",
        content: include_str!("../../web/dist/asof.js"),
    },
    File { address: "/asof.css", kind: "text/css; charset=utf-8", content: include_str!("../../web/dist/asof.css") },
];
