//! How an answer goes back: made on a core that is free, or ready from the start; compressed for whoever takes it so, and
//! not sent again to who has it. Knows nothing of questions.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::Semaphore;

use crate::render::json;

/// The type of answers.
const JSON: &str = "application/json";
/// From how many bytes on it is worth while to compress.
const WORTH_WHILE: usize = 1 << 10;

/// What an answer is made of: its status and its bytes.
pub(super) type Made = (StatusCode, Cow<'static, [u8]>);

/// As many answers are made at once as there are cores; who hangs up while waiting costs nothing.
#[derive(Clone, Debug)]
pub(super) struct Cores(Arc<Semaphore>);

impl Cores {
    pub(super) fn new() -> Cores {
        Cores(Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, Into::into))))
    }

    /// Answers a request as JSON: with nothing but the tag if the client has what it stands for, else with what `make`
    /// makes, if nobody `is_gone` when a core is free. Nothing, and a panic, is answered as a fault of ours.
    pub(super) async fn reply(
        &self,
        asked: &HeaderMap,
        tag: String,
        is_gone: impl FnOnce() -> bool,
        make: impl FnOnce() -> Option<Made> + Send + 'static,
    ) -> Response {
        if has(asked, &tag) {
            return unchanged(tag);
        }
        let takes_gzip = takes_gzip(asked);
        let Ok(core) = self.0.clone().acquire_owned().await else { return failed() };
        if is_gone() {
            return StatusCode::NO_CONTENT.into_response();
        }
        let making = tokio::task::spawn_blocking(move || {
            let (status, bytes) = make()?;
            let packed = (takes_gzip && bytes.len() >= WORTH_WHILE).then(|| gzip(&bytes)).flatten();
            drop(core);
            Some((status, packed.is_some(), packed.unwrap_or_else(|| bytes.into_owned())))
        });
        let Ok(Some((status, is_packed, bytes))) = making.await else { return failed() };
        whole(status, (status == StatusCode::OK).then_some(tag), JSON, is_packed, bytes.into())
    }
}

/// An answer that never changes: it is packed once, and sent without waiting for a core.
#[derive(Debug)]
pub(super) struct Ready {
    tag: String,
    kind: &'static str,
    plain: &'static str,
    packed: Bytes,
}

impl Ready {
    pub(super) fn new(tag: String, kind: &'static str, plain: &'static str) -> Ready {
        Ready { tag, kind, plain, packed: gzip(plain.as_bytes()).map(Bytes::from).unwrap_or_default() }
    }

    pub(super) fn reply(&self, asked: &HeaderMap) -> Response {
        if has(asked, &self.tag) {
            return unchanged(self.tag.clone());
        }
        let is_packed = takes_gzip(asked) && !self.packed.is_empty();
        let bytes = if is_packed { self.packed.clone() } else { Bytes::from_static(self.plain.as_bytes()) };
        whole(StatusCode::OK, Some(self.tag.clone()), self.kind, is_packed, bytes)
    }
}

const VARIES: [(HeaderName, &str); 1] = [(VARY, "accept-encoding")];

fn unchanged(tag: String) -> Response {
    (StatusCode::NOT_MODIFIED, VARIES, [(ETAG, tag)]).into_response()
}

fn whole(status: StatusCode, tag: Option<String>, kind: &'static str, is_packed: bool, bytes: Bytes) -> Response {
    let tag = tag.map(|tag| [(ETAG, tag)]);
    let encoding = is_packed.then_some([(CONTENT_ENCODING, "gzip")]);
    (status, VARIES, tag, encoding, [(CONTENT_TYPE, kind)], bytes).into_response()
}

/// The answer where there is none: why, as JSON.
pub(super) fn error(status: StatusCode, code: &str, message: &str, help: Option<&str>) -> Response {
    let mut body = json::error(code, message, help).to_json();
    body.push('\n');
    (status, [(CONTENT_TYPE, JSON)], body).into_response()
}

fn failed() -> Response {
    let message = "this question could not be answered: that is a fault of asof";
    error(StatusCode::INTERNAL_SERVER_ERROR, "failed", message, None)
}

/// Whether the client has what a tag stands for. Tags are weak: they are those of the contents, packed or not.
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let lines = asked.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| one.trim() == tag)
}

/// Whether the client takes gzip (RFC 9110, 12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let lines = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let mut codings = lines.flat_map(|line| line.split(','));
    codings.any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        is_gzip && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    packed.write_all(bytes).and_then(|()| packed.finish()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect()
    }

    #[test]
    fn gzip_is_for_who_takes_it() {
        for line in ["gzip", "br, GZIP", "deflate;q=0.5, gzip; q=0.1"] {
            assert!(takes_gzip(&headers(ACCEPT_ENCODING, &[line])), "{line}");
        }
        for line in ["", "br", "gzip;q=0", "gzip; q=0.000", "x-gzipped", "gzip;q=x"] {
            assert!(!takes_gzip(&headers(ACCEPT_ENCODING, &[line])), "{line}");
        }
    }

    #[test]
    fn a_tag_is_one_of_those_that_the_client_has() {
        assert!(has(&headers(IF_NONE_MATCH, &["W/\"a\", W/\"b\""]), "W/\"b\""));
        assert!(has(&headers(IF_NONE_MATCH, &["W/\"a\"", "W/\"b\""]), "W/\"b\""));
        assert!(!has(&headers(IF_NONE_MATCH, &["W/\"a\""]), "W/\"b\""));
    }

    #[test]
    fn a_panic_is_an_answer_and_the_next_question_is_answered() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (cores, asked) = (Cores::new(), HeaderMap::new());
            for _ in 0..100 {
                let failed =
                    cores.reply(&asked, String::new(), || false, || panic!("this panic is part of a test")).await;
                assert_eq!(failed.status(), StatusCode::INTERNAL_SERVER_ERROR);
            }
            let made =
                cores.reply(&asked, "W/\"a\"".into(), || false, || Some((StatusCode::OK, b"{}"[..].into()))).await;
            assert_eq!((made.status(), made.headers()[ETAG].to_str().unwrap()), (StatusCode::OK, "W/\"a\""));
        });
    }
}
