//! `asof init`: a small, complete chronicle to begin from, and what to type next.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use super::Verdict;
use super::output::Output;
use super::surroundings::{here, shell_word};
use crate::disk::{self, DiskError, Listing};
use crate::render::Format;
use crate::render::escape::visible;
use crate::render::render_shape;
use crate::render::shape::Shape;
use crate::write::worked::{FILES, NEXT};

/// Writes the worked chronicle into a folder that holds none yet.
pub fn init(folder: &Path, output: &Output) -> Result<Verdict> {
    // Without the dot of `.`, which would be shown.
    let below: PathBuf = here()?.join(folder).components().collect();
    if let Some(other) = disk::chronicle_of(&below) {
        let help = "choose a folder outside of it: all event files below a chronicle are its own";
        let message = format!("{} is a chronicle, or lies in one: {}", folder.display(), other.display());
        return Err(anyhow!(DiskError { message, help: Some(help.to_owned()) }));
    }
    if let Ok(listing) = Listing::of(&below)
        && let Some(name) = listing.names().next()
    {
        let files = if listing.names().count() == 1 {
            "a file that would be read as an event file"
        } else {
            "files that would be read as event files"
        };
        let message = format!("{} holds {files}, such as {name}", below.display());
        let own = shell_word(&folder.join("chronicle").display().to_string());
        let help =
            format!("give the chronicle a folder of its own: `asof init {}`", visible(own.trim_start_matches("./")));
        return Err(anyhow!(DiskError { message, help: Some(help) }));
    }
    disk::write_new(folder, &FILES)?;
    output.put(|to| match output.format {
        Format::Text | Format::Md => told(folder, to),
        format => {
            let path = |path: &str| Shape::Text(path.to_owned().into());
            let rows: Vec<Shape> = FILES.iter().map(|(name, _)| Shape::map([("file", path(name))])).collect();
            let whole = Shape::map([
                ("asof", 1usize.into()),
                ("chronicle", path(&folder.display().to_string())),
                ("files", Shape::List(rows.clone())),
            ]);
            render_shape(&whole, &rows, &["file"], format, &output.how, to)
        }
    })?;
    Ok(Verdict::Yes)
}

/// The files, and the commands, as they are typed from here.
fn told(folder: &Path, to: &mut dyn Write) -> std::io::Result<()> {
    let shown = folder.display().to_string();
    writeln!(
        to,
        "{} files in {}, a chronicle of a bridge that never was. Read them; then try",
        FILES.len(),
        visible(&shown)
    )?;
    writeln!(to)?;
    let named =
        if folder == Path::new(".") { "asof".to_owned() } else { format!("asof -C {}", visible(&shell_word(&shown))) };
    let lines = NEXT.map(|(command, says)| (format!("{named} {command}"), says));
    let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width < 60).max().unwrap_or(0);
    for (line, says) in lines {
        writeln!(to, "  {line:width$}   # {says}")?;
    }
    writeln!(to)?;
    writeln!(
        to,
        "`asof help` lists all commands, `asof help format` is the format in one page. To begin your own, put your"
    )?;
    writeln!(to, "title, names and paths into chronicle.yaml and your events in the place of these.")
}
