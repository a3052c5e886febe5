//! Several sources of one name: the rows of the second would get the ids that those of the first have got, so they are
//! refused, and that is told once. Knows nothing of any format.

use std::collections::BTreeMap;
use std::io;

use super::import::{Importer, Outcome, Refused, Source, Stretch, Take, get, stem};
use crate::model::diagnostic::Code;
use crate::model::event::Free;

/// Reads by an importer, and refuses what would get the ids that rows of an earlier source of the same name have got.
pub struct Apart {
    importer: Box<dyn Importer>,
    /// The sources so far, by what the ids of their rows begin with.
    read: BTreeMap<String, String>,
}

impl Apart {
    /// Of an importer, before it has read anything.
    pub fn new(importer: Box<dyn Importer>) -> Apart {
        Apart { importer, read: BTreeMap::new() }
    }
}

impl Importer for Apart {
    fn read(&mut self, source: Source, take: &mut Take) -> io::Result<()> {
        let (name, stem) = (source.name.to_owned(), stem(source.name));
        let Some(earlier) = self.read.get(&stem) else {
            self.read.insert(stem, name);
            return self.importer.read(source, take);
        };
        let mut rows = 0;
        self.importer.read(source, &mut |stretch, outcome| match &outcome {
            Outcome::Event(Free::Map(keys)) if get(keys, "id").is_none() => {
                rows += stretch.rows;
                Ok(())
            }
            _ => take(stretch, outcome),
        })?;
        if rows == 0 {
            return Ok(());
        }
        let message = format!("rows without an `id` would be called `{stem}-row-…`, as those of {earlier} are");
        let fault = Refused::whole(Code::DuplicateId, message);
        let help = "give one of the files another name; the rules of a table can say what an `id` is made of";
        take(Stretch { text: "", line: 1, row: 0, rows }, Outcome::Refused(fault.help(help)))
    }
}
