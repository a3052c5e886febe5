//! The addresses and what is answered there: the questions of the command line, byte for byte as `-O json` prints them
//! into a pipe; the stream of changes; and the page. Knows nothing of connections, nor how an answer goes back.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get};
use futures_util::stream;
use tokio::sync::{Semaphore, watch};
use tokio::time;

use super::chronicle::{Loaded, Served};
use super::guard::guard;
use super::page::{FILES, File};
use super::reply::{self, Cores, Made, Ready};
use super::socket::Socket;
use crate::ask::{Addressed, Refusal, RefusalCode, addressed, ask};
use crate::render::{Format, How, json, render};
use crate::timeline::Timeline;

/// How many may listen for changes at once, so that there are always connections left for questions.
const LISTENERS: usize = 256;
/// How long a stream is silent before it says that it is still there.
const SILENCE: Duration = Duration::from_secs(15);

/// What every answer is made from.
#[derive(Clone, Debug)]
struct Desk {
    served: watch::Receiver<Served>,
    cores: Cores,
    listeners: Arc<Semaphore>,
    /// The files of the page by their addresses.
    page: Arc<BTreeMap<&'static str, Ready>>,
}

/// All addresses.
pub(super) fn router(served: watch::Receiver<Served>) -> Router {
    let ready = |file: &File| (file.address, Ready::new(tag(0, &file.content), file.kind, file.content));
    let page_files = Arc::new(FILES.iter().map(ready).collect());
    let desk = Desk { served, cores: Cores::new(), listeners: Arc::new(Semaphore::new(LISTENERS)), page: page_files };
    Router::new()
        .route("/api/changes", get(changes))
        .route("/api/{question}", get(question))
        .fallback(page)
        .layer(middleware::from_fn(guard))
        .with_state(desk)
}

/// Answers a question: `check` from the newest reading of the files, all others from what holds.
async fn question(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Extension(client): Extension<Socket>,
    uri: Uri,
    asked: HeaderMap,
) -> Response {
    let served = desk.served.borrow().clone();
    let loaded = match (name.as_str(), served.newest) {
        ("check", Ok(newest)) => newest,
        ("check", Err(why)) => return reply::error(StatusCode::SERVICE_UNAVAILABLE, "no-chronicle", &why, None),
        _ => served.good,
    };
    let query = uri.query().unwrap_or_default().to_owned();
    let tag = tag(loaded.revision, &(&name, &query));
    desk.cores.reply(&asked, tag, || client.is_gone(), move || answer(&loaded, &name, &query)).await
}

fn answer(loaded: &Loaded, name: &str, query: &str) -> Option<Made> {
    let timeline = &loaded.timeline;
    let mut bytes = Vec::new();
    let answered = match name {
        "chronicle" => whole_chronicle(timeline, query, &mut bytes),
        _ => answer_question(timeline, name, query, &mut bytes),
    };
    let Err(refusal) = answered else { return answered.ok()?.is_ok().then(|| (StatusCode::OK, bytes.into())) };
    let status = match refusal.code {
        RefusalCode::BadQuestion => StatusCode::BAD_REQUEST,
        RefusalCode::NotFound => StatusCode::NOT_FOUND,
    };
    Some((status, format!("{}\n", json::refusal(&refusal).to_json()).into_bytes().into()))
}

/// What the page needs of a chronicle to replay it by itself.
fn whole_chronicle(timeline: &Timeline, query: &str, to: &mut Vec<u8>) -> Result<io::Result<()>, Refusal> {
    match query {
        "" => Ok(json::chronicle(&crate::ask::page(timeline)).write_json(to, false)),
        _ => Err(Refusal::bad("`chronicle` takes no parameters")),
    }
}

fn answer_question(timeline: &Timeline, name: &str, query: &str, to: &mut Vec<u8>) -> Result<io::Result<()>, Refusal> {
    let parameters = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let Addressed { question, long } = addressed(timeline, name, parameters)?;
    let answer = ask(timeline, &if long { question } else { question.of_values() })?;
    Ok(render(&answer, Format::Json, &How { long, ..How::default() }, to))
}

/// Says how things stand, and again whenever the files have changed: which revision answers now, and how many errors
/// the files have. The stream ends with the server.
async fn changes(State(desk): State<Desk>) -> Response {
    let Ok(place) = desk.listeners.try_acquire_owned() else {
        let message = "too many listen for changes already";
        return reply::error(StatusCode::SERVICE_UNAVAILABLE, "too-many", message, None);
    };
    let mut served = desk.served;
    served.mark_changed();
    let events = stream::unfold((served, place), async |(mut served, place)| {
        let event = match time::timeout(SILENCE, served.changed()).await {
            Ok(Ok(())) => {
                let now = served.borrow_and_update().clone();
                let change = json::change(format!("{:016x}", now.good.revision), now.faults());
                Event::default().event("change").data(change.to_json())
            }
            Ok(Err(_)) => return None,
            Err(_) => Event::default().comment("still here"),
        };
        Some((Ok::<_, Infallible>(event), (served, place)))
    });
    Sse::new(events).into_response()
}

/// A file of the page, or nothing. It waits for no question.
async fn page(State(desk): State<Desk>, uri: Uri, asked: HeaderMap) -> Response {
    let Some(file) = desk.page.get(uri.path()) else {
        let message = format!("nothing is at `{}`", uri.path());
        return reply::error(StatusCode::NOT_FOUND, "not-found", &message, Some("the page is at `/`"));
    };
    file.reply(&asked)
}

/// The tag of an answer: what it is made from, and what was asked.
fn tag(revision: u64, asked: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    asked.hash(&mut hasher);
    format!("W/\"{revision:016x}-{:016x}\"", hasher.finish())
}
