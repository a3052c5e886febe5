//! What events cite, as rows of tables. Knows nothing of files.

use std::borrow::Cow;

use super::tables::{Cell, Row, Sort, Table, key, may, maybe, must, text};
use crate::ask::{Rows, SourceRow};
use crate::model::manifest::Source;

/// The sources that events cite, one row each time it is cited: the same source has the same key.
pub static SOURCES: Table = Table {
    name: "sources",
    parted_by: None,
    columns: Cow::Borrowed(&[
        must("source", Sort::Text),
        may("id", Sort::Text),
        may("title", Sort::Text),
        may("publisher", Sort::Text),
        may("date", Sort::Text),
        may("url", Sort::Text),
        may("archived", Sort::Text),
        may("language", Sort::Text),
        may("reliability", Sort::Text),
        may("reprint_of", Sort::Text),
    ]),
};

/// Which event cites which source.
pub static EVENT_SOURCES: Table = Table {
    name: "event_sources",
    parted_by: None,
    columns: Cow::Borrowed(&[
        must("event", Sort::Text),
        must("source", Sort::Text),
        may("voice", Sort::Text),
        may("quote", Sort::Text),
        may("page", Sort::Text),
    ]),
};

/// Hands over what events cite: every source, and that the event cites it. Errors: those of `take`.
pub fn each_citation<E>(
    rows: Rows<'_>,
    mut take: impl FnMut(&'static Table, Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    rows.each_event(|_, row| {
        let own = row.sources.iter().map(|cited| (None, cited));
        let claims =
            row.claim_sources.iter().flat_map(|(voice, all)| all.iter().map(move |cited| (Some(*voice), cited)));
        own.chain(claims).try_for_each(|(voice, cited)| {
            take(&SOURCES, source(cited))?;
            let (quote, page) = (cited.citation.quote.as_deref(), cited.citation.page.as_deref());
            take(
                &EVENT_SOURCES,
                vec![text(&row.event.id), Cell::Text(key(cited)), maybe(voice), maybe(quote), maybe(page)],
            )
        })
    })
}

fn source<'a>(cited: &SourceRow<'a>) -> Row<'a> {
    let source = cited.described();
    let said = |part: &dyn Fn(&'a Source) -> Option<&'a str>| maybe(source.and_then(part));
    vec![
        Cell::Text(key(cited)),
        maybe(cited.id()),
        said(&|source| source.title.as_deref()),
        said(&|source| source.publisher.as_deref()),
        said(&|source| source.date.as_ref().map(|date| date.value.text())),
        said(&|source| source.url.as_deref()),
        said(&|source| source.archived.as_deref()),
        said(&|source| source.language.as_deref()),
        source
            .and_then(|source| source.reliability)
            .map_or(Cell::Nothing, |grade| Cell::Text(grade.to_string().into())),
        said(&|source| source.from.as_ref().map(|from| from.value.as_str())),
    ]
}
