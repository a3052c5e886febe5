//! Addresses of files as editors write them (RFC 8089), and paths. Knows nothing of what the files hold.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;

/// The path of a file that an address names; nothing for what is no file.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // The machine before the path is this one.
    let path = rest.strip_prefix("localhost").unwrap_or(rest).split(['?', '#']).next()?;
    let decoded = decoded(path.strip_prefix('/').map(|_| path)?)?;
    let drive = decoded.as_bytes().get(1..3).is_some_and(|drive| drive[0].is_ascii_alphabetic() && drive[1] == b':');
    Some(PathBuf::from(if drive { &decoded[1..] } else { &decoded }))
}

/// The address of a file; nothing where its path is not absolute or not UTF-8.
pub fn uri(path: &Path) -> Option<Uri> {
    let text = path.to_str().filter(|_| path.is_absolute())?.replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    let mut address = format!("file://{slash}");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte))
            }
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from_str(&address).ok()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_paths_and_back() {
        for file in ["/home/ada/talks 2025/a#b?c%.yaml", "/x/Київ.yaml", "/"] {
            assert_eq!(path(&uri(Path::new(file)).unwrap()), Some(PathBuf::from(file)), "{file}");
        }
        let read = |text: &str| path(&Uri::from_str(text).unwrap());
        assert_eq!(read("file:///c%3A/talks/a.yaml"), Some(PathBuf::from("c:/talks/a.yaml")));
        assert_eq!(read("file://localhost/a.yaml"), Some(PathBuf::from("/a.yaml")));
        for other in ["untitled:Untitled-1", "https://example.org/a.yaml", "file://server/a.yaml", "file:///%FF.yaml"] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(uri(Path::new("a.yaml")), None);
    }
}
