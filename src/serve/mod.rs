//! The server: the page, and the questions of the command line at addresses of their own (3-commands, Addresses). A door:
//! it listens on one address, follows the chronicle's files, and serves nothing but what it embeds and answers.
//! Knows nothing of the command line; what to print is for whoever starts it.

mod chronicle;
mod guard;
mod socket;
mod reply;
mod page;
mod api;

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use futures_util::future::{Either, select};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time;
use tokio_io_timeout::TimeoutStream;

pub use chronicle::Loaded;
use chronicle::{Served, read_again};
use socket::Socket;

use crate::follow::Follow;

/// The port where none is asked for; if it is taken, one of the next hundred.
const PORT: u16 = 4280;
/// How many connections there are at once; others wait to be accepted.
const CONNECTIONS: usize = 512;
/// How long a client may take to send a request, and be silent between two.
const TO_ASK: Duration = Duration::from_secs(10);
/// How long a client may take none of an answer.
const TO_TAKE: Duration = Duration::from_secs(30);
/// How long answers that are under way may take when the server ends.
const TO_END: Duration = Duration::from_secs(2);
/// Room for the head of a request.
const HEAD: usize = 32 << 10;

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens on a port, where 0 is any that is free, or on the default one or the next that is free. Errors: the port
    /// is taken, or the address is none of this machine.
    pub fn bind(address: IpAddr, port: Option<u16>) -> Result<Server> {
        let taken = |error: &io::Error| error.kind() == io::ErrorKind::AddrInUse;
        let mut ports = port.map_or(PORT..=PORT + 100, |port| port..=port);
        let listener = loop {
            let Some(next) = ports.next() else { bail!("the ports from {PORT} to {} are all taken", PORT + 100) };
            match TcpListener::bind((address, next)) {
                Err(error) if taken(&error) && port.is_none() => {}
                Err(error) if taken(&error) => bail!("port {next} of {address} is taken"),
                bound => break bound.with_context(|| format!("cannot listen on {address}, port {next}"))?,
            }
        };
        listener.set_nonblocking(true)?;
        Ok(Server { address: listener.local_addr()?, listener })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until ctrl-C, and follows the folder's files: with `keep_going` whatever holds of them is served, else the
    /// last state without errors.
    pub fn run(self, loaded: Loaded, folder: &Path, keep_going: bool) -> Result<()> {
        let (sender, served) = watch::channel(Served::new(loaded));
        let sender = Arc::new(sender);
        follow(folder, keep_going, Arc::downgrade(&sender)).context("cannot follow the chronicle's files")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let ended = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let graceful = GracefulShutdown::new();
            let interrupted = {
                let accepting = pin!(accept(listener, api::router(served), &graceful));
                match select(pin!(tokio::signal::ctrl_c()), accepting).await {
                    Either::Left((interrupted, _)) => interrupted,
                    Either::Right((never, _)) => match never {},
                }
            };
            // Without a sender those who listen for changes are let go, too.
            drop(sender);
            let _ = time::timeout(TO_END, graceful.shutdown()).await;
            interrupted
        });
        runtime.shutdown_background();
        Ok(ended?)
    }
}

/// Follows a folder in a thread of its own until nobody serves it any more. It is read first, since something may have
/// changed before it was watched.
fn follow(folder: &Path, keep_going: bool, served: Weak<watch::Sender<Served>>) -> Result<()> {
    let (folder, mut follow): (PathBuf, Follow) = (folder.canonicalize()?, Follow::start(folder, &[])?);
    let run = move || {
        while let Some(is_read) = read_again(&folder, keep_going, &served) {
            follow.wait(is_read);
        }
    };
    thread::Builder::new().name("asof-follow".into()).spawn(run)?;
    Ok(())
}

/// Takes connections for ever, so many at once.
async fn accept(listener: tokio::net::TcpListener, router: Router, graceful: &GracefulShutdown) -> Infallible {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = free.clone().acquire_owned().await else { continue };
        match listener.accept().await {
            Ok((stream, _)) => attend(stream, permit, &router, graceful),
            // Of one connection it says nothing; that no more files can be opened passes.
            Err(_) => time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Answers one connection, in a task of its own.
fn attend(stream: TcpStream, permit: OwnedSemaphorePermit, router: &Router, graceful: &GracefulShutdown) {
    let Ok(local) = stream.local_addr() else { return };
    let _ = stream.set_nodelay(true);
    let socket = Socket::new(stream);
    let mut stream = TimeoutStream::new(socket.clone());
    stream.set_write_timeout(Some(TO_TAKE));
    let router = TowerToHyperService::new(router.clone());
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(guard::Local(local));
        request.extensions_mut().insert(socket.clone());
        hyper::service::Service::call(&router, request)
    });
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(TO_ASK).max_buf_size(HEAD);
    let connection = graceful.watch(protocol.serve_connection(TokioIo::new(Box::pin(stream)), service));
    tokio::spawn(async move {
        // A connection that breaks is the client's affair.
        let _ = connection.await;
        drop(permit);
    });
}
