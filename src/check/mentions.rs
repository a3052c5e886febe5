//! A table of names, by which those that a text mentions are found in one pass over its words: a tree of words, walked
//! from each word on. Knows nothing of what is named.

use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;

/// Names of more words than these are not looked for, so that every walk is short.
const LONGEST: usize = 16;

/// The number of a name among those of one table; names of the same words have the same.
pub(super) type Name = u32;

/// Names by their words.
#[derive(Default)]
pub(super) struct Names<'n> {
    /// From a node of the tree by a word to the next; the root is 0.
    next: FxHashMap<(u32, &'n str), u32>,
    /// The names that end at nodes.
    ends: FxHashMap<u32, Name>,
}

impl<'n> Names<'n> {
    /// Puts a name in; one without a word, or of too many, is none.
    pub(super) fn insert(&mut self, name: &'n str) -> Option<Name> {
        let words: Vec<&str> = words(name).take(LONGEST + 1).collect();
        if words.is_empty() || words.len() > LONGEST {
            return None;
        }
        let mut node = 0;
        for word in words {
            let fresh = self.next.len() as u32 + 1;
            node = *self.next.entry((node, word)).or_insert(fresh);
        }
        let fresh = self.ends.len() as Name;
        Some(*self.ends.entry(node).or_insert(fresh))
    }

    /// Every name that a text mentions, letter by letter and in whole words; of names that overlap the first, and of
    /// those that begin at one word the longest.
    pub(super) fn mentioned(&self, text: &str) -> Vec<Name> {
        let words: Vec<&str> = words(text).collect();
        let (mut found, mut from) = (Vec::new(), 0);
        while from < words.len() {
            let (mut node, mut longest) = (0, None);
            for (at, word) in words.iter().enumerate().skip(from) {
                let Some(next) = self.next.get(&(node, *word)) else { break };
                node = *next;
                longest = self.ends.get(&node).map(|name| (*name, at + 1)).or(longest);
            }
            found.extend(longest.map(|(name, _)| name));
            from = longest.map_or(from + 1, |(_, after)| after);
        }
        found
    }
}

/// The words of a text: letters and digits without a gap, numbers with their points and commas.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        let word = &rest[start..];
        let bytes = word.as_bytes();
        let joins = |at: usize| {
            matches!(bytes[at], b'.' | b',')
                && bytes[at - 1].is_ascii_digit()
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        };
        let is_in = |(at, c): (usize, char)| c.is_alphanumeric() || is_combining_mark(c) || at > 0 && joins(at);
        let end = word.char_indices().find(|at| !is_in(*at)).map_or(word.len(), |(at, _)| at);
        rest = &word[end..];
        Some(&word[..end])
    })
}
