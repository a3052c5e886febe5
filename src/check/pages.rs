//! The pages that `explain` prints: of a house rule the opening comment of its file, of a load fault its part of
//! `faults.md`.

use crate::model::diagnostic::Code;

/// The files of the house rules, whose opening comments are their pages.
const RULE_FILES: &[(Code, &str)] = &[
    (Code::OrderNotSettled, include_str!("order_not_settled.rs")),
    (Code::CauseMayBeLater, include_str!("cause_may_be_later.rs")),
    (Code::KnownBeforeItHappened, include_str!("known_before_it_happened.rs")),
    (Code::SourceOlderThanEvent, include_str!("source_older_than_event.rs")),
    (Code::KnownBeforeItsSources, include_str!("known_before_its_sources.rs")),
    (Code::Hindsight, include_str!("hindsight.rs")),
    (Code::FalsePrecision, include_str!("false_precision.rs")),
    (Code::DuplicateEvent, include_str!("duplicate_event.rs")),
    (Code::IdIsNotFileName, include_str!("id_is_not_file_name.rs")),
    (Code::TransitionNotAllowed, include_str!("transition_not_allowed.rs")),
    (Code::Contradiction, include_str!("contradiction.rs")),
    (Code::NoSource, include_str!("no_source.rs")),
    (Code::SingleSource, include_str!("single_source.rs")),
    (Code::Unused, include_str!("unused.rs")),
    (Code::RemovesWhatIsNotThere, include_str!("removes_what_is_not_there.rs")),
    (Code::CorrectionComesLater, include_str!("correction_comes_later.rs")),
];

/// The page of a code, in Markdown: what is wrong, a file that breaks it, the mended file, why one would want it.
/// Empty only for a code without a page, which a test refuses.
pub fn page(code: Code) -> String {
    let file = RULE_FILES.iter().find(|(rule, _)| *rule == code).map(|(_, file)| *file);
    if let Some(file) = file {
        let lines = file.lines().map_while(|line| line.strip_prefix("//!"));
        return lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
    }
    let heading = format!("# {}\n", code.name());
    let pages = include_str!("faults.md");
    let Some(start) = pages.find(&heading) else { return String::new() };
    let page = &pages[start..];
    // A line in a block may begin with `# ` as well.
    let next = |other: &Code| page[1..].find(&format!("\n# {}\n", other.name()));
    let end = Code::ALL.iter().filter_map(next).min().map_or(page.len(), |end| end + 2);
    format!("{}\n", page[..end].trim_end())
}
