//! `asof export`: the chronicle in a form for others, whole into a file or not at all. One arm a format.

use anyhow::Result;

use super::args::Export;
use super::output::Output;
use crate::ask::page;
use crate::render::html;
use crate::timeline::Timeline;

/// Writes a chronicle in a format.
pub fn write(timeline: &Timeline, format: &Export, output: &Output) -> Result<()> {
    match format {
        Export::Html { file } => {
            let text = html::page(&page(timeline));
            output.into(file).put(|to| to.write_all(text.as_bytes()))
        }
    }
}
