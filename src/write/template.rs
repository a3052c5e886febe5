//! What stands in the editor before anything is typed, and what of it was. Comments of the template teach, and are taken
//! out again; those of the writer stay.

/// The keys of an event for whoever starts from nothing; `today` is offered as the date.
pub fn blank(today: &str) -> String {
    format!(
        "\
# A new event. Save and close, and it is checked and written; with no title nothing is. Lines that begin with
# `# ` as these are taken out again. `asof help format` tells all keys, `asof help dates` all dates.
date: {today}
# also 2022-04, 2022~ (about), 2022? (unsure), [2022-04-01..2022-04-04] (between), 2022-02-24/2022-03-30 (lasting)
title:
# summary: a few sentences
# known: when it became publicly known, if not at once
# kind: speech
# place: an entity
# actors: [an-entity, another]
# tags: [a-word]
# because: [id-of-an-event]
# sources:
#   - a-source: the words in it that say so
#   - {{title: …, publisher: …, date: …, url: \"https://…\"}}
# set: {{path.of.a-thing: its value from now on}}
# unset: [path.of-another]
# add: {{path.of.a-set: member}}
# increase: {{path.of.a-number: 10}}
# claims:
#   a-voice:
#     set: {{path.of.a-thing: what they say of it}}
"
    )
}

/// The same for a correction, which is filled in.
pub fn correction(id: &str, event: &str) -> String {
    format!(
        "\
# A correction of {id}: change what was wrong. It counts from the day on which it is `known`.
# To take the event back whole, leave out what it changes (set, add, claims …). Save and close, and it is
# checked and written; unchanged, nothing is. Lines that begin with `# ` as these are taken out again.
{event}"
    )
}

/// What was typed into a template, without its own comments; nothing where that is nothing.
pub fn typed(template: &str, text: &str) -> Option<String> {
    let own: Vec<&str> = template.lines().filter(|line| line.starts_with('#')).collect();
    let lines = |text: &str| -> String {
        let stays = |line: &&str| !own.contains(&line.trim_end());
        text.lines().filter(stays).flat_map(|line| [line, "\n"]).collect()
    };
    let typed = lines(text);
    let is_unchanged = typed.trim_end() == lines(template).trim_end();
    let is_comment = |line: &str| line.trim_start().starts_with('#') || line.trim().is_empty();
    (!is_unchanged && !typed.lines().all(is_comment)).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_nothing() {
        let template = blank("2025-05-14");
        assert_eq!(typed(&template, &template), None);
        assert_eq!(typed(&template, ""), None);
        assert_eq!(typed(&template, "# only a thought\n\n"), None);
        let filled = template.replace("\ntitle:", "\ntitle: One  # mine").replace("# kind: speech", "kind: speech");
        assert_eq!(typed(&template, &filled).as_deref(), Some("date: 2025-05-14\ntitle: One  # mine\nkind: speech\n"));
    }

    #[test]
    fn the_template_is_an_event_once_it_has_a_title_and_its_marks_are_taken_off() {
        let text = blank("2025-05-14").replace("\ntitle:", "\ntitle: One");
        let whole: String = text
            .lines()
            .skip(2)
            .filter(|line| !line.starts_with("# also"))
            .flat_map(|line| [line.strip_prefix("# ").unwrap_or(line), "\n"])
            .collect();
        let texts = crate::model::text::Text::new("one.yaml", whole.as_str());
        let file = crate::model::text::FileId(0);
        let (drafts, faults) = crate::parse::drafts(file, &texts, &Default::default());
        assert_eq!((drafts.len(), faults), (1, vec![]), "{whole}");
        let keys = crate::parse::documents::<Vec<_>>(file, &texts, &Default::default());
        let unknown = keys.faults.iter().filter(|fault| fault.code.name() == "unknown-key").count();
        assert_eq!(unknown, 0, "{:?}", keys.faults);
    }
}
