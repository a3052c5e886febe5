//! # id-is-not-file-name
//!
//! A file holds one event, and the event has an `id` that is not the name of the file. Others refer to it by the `id`,
//! so who reads such a reference does not find the file.
//!
//! Leave the `id` out: the name of the file is one. Or name the file by it. In a file of several events an `id` is what
//! tells them apart, and where the name of the file could not be one it has to be written: there this rule says
//! nothing.
//!
//! A file that breaks it:
//!
//! ```yaml
//! # 1848-02-24-abdication.yaml
//! id: louis-philippe-abdicates
//! date: 1848-02-24
//! title: Louis-Philippe abdicates
//! ```
//!
//! Mended:
//!
//! ```yaml
//! # 1848-02-24-abdication.yaml
//! date: 1848-02-24
//! title: Louis-Philippe abdicates
//! ```

use super::{Finding, House};
use crate::model::date::Date;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::model::event::Event;
use crate::model::path::{is_slug, normal};
use crate::model::text::Text;

/// Finds every event that is alone in a file of the chronicle's own and is called otherwise.
pub(super) fn find(house: House<'_>) -> Vec<Finding> {
    let mut in_file = vec![0u32; house.texts.files.len()];
    for event in house.history.events() {
        in_file[event.place.file.0 as usize] += 1;
    }
    let mut found = Vec::new();
    let own = |event: &Event| (event.place.file.0 as usize) < house.texts.own;
    for (number, event) in (0..).zip(house.history.events()).filter(|(_, event)| own(event)) {
        // An id that is not written is the name of the file, and then what names the event is its title.
        let is_written = event.name_place != event.title.place;
        let text = house.texts.file(event.place.file);
        let stem = normal(text.stem());
        let could_be_id = is_slug(&stem) && Date::parse(&stem).is_err();
        let is_right = !is_written || !could_be_id || event.id == stem;
        if is_right || in_file[event.place.file.0 as usize] > 1 || !is_alone(event, text) {
            continue;
        }
        let message = format!("`{}` stands alone in a file of another name", event.id);
        let fault = Diagnostic::new(Code::IdIsNotFileName, event.name_place, message)
            .help(format!("leave the id out, then it is `{stem}`, or give the file its name"));
        found.push((Some(number), fault));
    }
    found
}

/// Whether nothing but blanks, comments and the marks of a document stands around an event in its file.
fn is_alone(event: &Event, text: &Text) -> bool {
    let (start, end) = (event.place.start as usize, event.place.end as usize);
    let around = [text.content().get(..start), text.content().get(end..)];
    let mut lines = around.into_iter().flatten().flat_map(str::lines);
    lines.all(|line| {
        let line = line.trim_start_matches('\u{feff}').trim();
        line.is_empty() || line.starts_with(['#', '%']) || line == "---" || line == "..."
    })
}
