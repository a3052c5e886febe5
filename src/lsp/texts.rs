//! The texts that an editor has open, and the chronicles that they are of: opened, edited, closed, and changed on disk by
//! others. Knows nothing of what is asked about them.

use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Result;
use lsp_types::{DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, MessageType};

use super::chronicle::{self, Chronicle};
use super::{Input, Open, Server, address, position};
use crate::follow::Follow;

impl Server {
    /// Begins to read and to follow a chronicle.
    pub(super) fn take_up(&mut self, folder: &Path) -> Result<()> {
        if self.chronicles.contains_key(folder) {
            return Ok(());
        }
        let (tell, at) = (self.tell.clone(), folder.to_owned());
        let told = move |loaded| drop(tell.send(Input::Loaded(at.clone(), Box::new(loaded))));
        self.chronicles.insert(folder.to_owned(), Chronicle::start(folder, told)?);
        if !self.client.watches {
            self.follow(folder)?;
        }
        // Only then, so that what changes while it is read is not missed.
        self.reload(folder, true);
        Ok(())
    }

    /// Follows the files of a chronicle where the editor does not.
    fn follow(&mut self, folder: &Path) -> Result<()> {
        let (tell, at) = (self.tell.clone(), folder.to_owned());
        match Follow::start(folder, &[]) {
            Ok(mut follow) => {
                let run = move || loop {
                    follow.wait(at.is_dir());
                    if tell.send(Input::Changed(at.clone())).is_err() {
                        return;
                    }
                };
                thread::Builder::new().name("asof-follow".into()).spawn(run)?;
                Ok(())
            }
            Err(error) => {
                self.log(MessageType::WARNING, format!("asof: {} is not followed: {error}", folder.display()))
            }
        }
    }

    /// Has a chronicle loaded with what is open of it.
    pub(super) fn reload(&mut self, folder: &Path, is_reread: bool) {
        let of_folder = |open: &Open| {
            let (home, name) = open.home.as_ref()?;
            (home == folder).then(|| (name.clone(), (open.version, open.text.clone())))
        };
        let open = self.open.values().filter_map(of_folder).collect();
        if let Some(chronicle) = self.chronicles.get(folder) {
            chronicle.load(open, is_reread);
        }
    }

    /// A text was opened.
    pub(super) fn did_open(&mut self, params: DidOpenTextDocumentParams) -> Result<()> {
        let document = params.text_document;
        let home = address::path(&document.uri).and_then(|file| chronicle::home(&file, self.given.as_deref()));
        let key = document.uri.as_str().to_owned();
        let open = Open { uri: document.uri, text: document.text, version: document.version, home: home.clone() };
        self.open.insert(key.clone(), open);
        match home {
            Some((folder, name)) => {
                // What was said of the file on disk is said again of the text.
                self.published.entry(folder.clone()).or_default().remove(&name);
                if !self.chronicles.contains_key(&folder) {
                    return self.take_up(&folder);
                }
                self.reload(&folder, false);
                Ok(())
            }
            None => self.log(MessageType::INFO, format!("asof: {key} is no event file of a chronicle")),
        }
    }

    /// A text was edited.
    pub(super) fn did_change(&mut self, params: DidChangeTextDocumentParams) -> Result<()> {
        let encoding = self.client.encoding;
        let Some(open) = self.open.get_mut(params.text_document.uri.as_str()) else {
            let message = format!("asof: {} changed and is not open", params.text_document.uri.as_str());
            return self.log(MessageType::ERROR, message);
        };
        for change in params.content_changes {
            open.text = position::changed(std::mem::take(&mut open.text), change, encoding);
        }
        open.version = params.text_document.version;
        if let Some((folder, _)) = open.home.clone() {
            self.reload(&folder, false);
        }
        Ok(())
    }

    /// A text was closed.
    pub(super) fn did_close(&mut self, params: &DidCloseTextDocumentParams) -> Result<()> {
        if let Some(Open { home: Some((folder, name)), .. }) = self.open.remove(params.text_document.uri.as_str()) {
            // From now on the file on disk counts.
            self.published.entry(folder.clone()).or_default().entry(name).or_default().clear();
            self.publish(&params.text_document.uri, None, &[])?;
            self.reload(&folder, true);
        }
        Ok(())
    }

    /// Files have changed on disk, manifests perhaps: the open texts may be of other chronicles now.
    pub(super) fn files_changed(&mut self) -> Result<()> {
        let given = self.given.clone();
        for open in self.open.values_mut() {
            open.home = address::path(&open.uri).and_then(|file| chronicle::home(&file, given.as_deref()));
        }
        let homes: Vec<PathBuf> = self.open.values().filter_map(|open| Some(open.home.as_ref()?.0.clone())).collect();
        for folder in homes {
            self.take_up(&folder)?;
        }
        for folder in self.chronicles.keys().cloned().collect::<Vec<PathBuf>>() {
            self.reload(&folder, true);
        }
        Ok(())
    }
}
