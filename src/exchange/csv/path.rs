//! Paths with columns in them, `control.${place}.holder`, and what a row makes of them. Knows nothing of values.

use super::template::{Names, Part, Template, View, joined};
use crate::exchange::import::Refused;
use crate::model::path::{self, Path};
use crate::model::text::Place;

/// A path with columns in it: what a column holds stays one segment, in quotes where it needs them.
#[derive(Clone, Debug)]
pub struct PathTemplate {
    segments: Vec<Vec<Part>>,
}

impl PathTemplate {
    /// Reads one; `stars` are allowed where patterns are. Errors as those of [`Template::parse`].
    pub fn parse(text: &str, place: Place, names: &mut Names) -> Result<PathTemplate, (String, String)> {
        let mut segments = vec![Vec::new()];
        for part in Template::parse(text, place, names)?.parts {
            let Part::Words(words) = part else {
                segments.last_mut().expect("there is always one").push(part);
                continue;
            };
            let (mut quoted, mut word) = (false, String::new());
            for c in words.chars() {
                quoted ^= c == '"';
                if c != '.' || quoted {
                    word.push(c);
                    continue;
                }
                let segment = segments.last_mut().expect("there is always one");
                segment.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()).map(Part::Words));
                segments.push(Vec::new());
            }
            let segment = segments.last_mut().expect("there is always one");
            segment.extend(Some(word).filter(|word| !word.is_empty()).map(Part::Words));
        }
        let path = PathTemplate { segments };
        if path.segments.iter().flatten().all(|part| matches!(part, Part::Words(_))) && !text.contains('*') {
            Path::parse(text)
                .map_err(|error| (error.message, "a path has two or more segments joined by `.`".to_owned()))?;
        }
        Ok(path)
    }

    /// The path that a row makes of it; none where one of its columns is empty.
    pub fn path(&self, view: View) -> Result<Option<String>, Refused> {
        let mut path = String::new();
        for (at, segment) in self.segments.iter().enumerate() {
            if at > 0 {
                path.push('.');
            }
            if let [Part::Words(words)] = segment.as_slice() {
                path.push_str(words);
                continue;
            }
            let mut content = String::new();
            for part in segment {
                match part {
                    Part::Words(words) => content.push_str(words),
                    Part::Column(column) => {
                        let values = column.values(view)?;
                        if values.is_empty() {
                            return Ok(None);
                        }
                        content.push_str(&joined(&values, ", "));
                    }
                }
            }
            path.push_str(&path::segment(&content));
        }
        Ok(Some(path))
    }
}
