//! `asof serve` and `asof lsp`: find what is served, say where, and hand over to the servers.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Result, ensure};

use super::args::Every;
use super::output::Output;
use super::surroundings::{find, here, shown_folder};
use super::{Verdict, complain, hint, refuse_to_replay};
use crate::render::escape::visible;
use crate::serve::{Loaded, Server};

/// Serves the chronicle until ctrl-C.
pub fn serve(every: &Every, output: &mut Output, address: IpAddr, port: Option<u16>) -> Result<Verdict> {
    ensure!(every.format.is_none() && every.output.is_none(), "`serve` answers in JSON, and takes neither -O nor -o");
    let here = here()?;
    let folder = find(every, &here)?;
    let loaded = Loaded::read(&folder)?;
    output.how.folder = shown_folder(&folder, &here);
    if !loaded.timeline.is_whole() && !every.keep_going {
        return refuse_to_replay(&loaded.timeline, output);
    }
    let server = Server::bind(address, port)?;
    if !address.is_loopback() {
        complain(&format!(
            "asof: warning: {address} is no loopback address: anybody on that network can read this chronicle"
        ));
    }
    hint(crate::ask::house_faults(&loaded.timeline));
    let said = format!("{} is at http://{}/ until ctrl-C", visible(loaded.timeline.title()), here_is(server.address()));
    // That nobody reads it is no failure.
    let _ = writeln!(io::stdout(), "{said}");
    server.run(loaded, &folder, every.keep_going)?;
    Ok(Verdict::Yes)
}

/// Serves an editor until it says that it is done.
pub fn lsp(every: &Every) -> Result<Verdict> {
    ensure!(every.format.is_none() && every.output.is_none(), "`lsp` speaks its protocol, and takes neither -O nor -o");
    let folder = every.chronicle.as_ref().map(|_| find(every, &here()?)).transpose()?;
    Ok(if crate::lsp::serve(folder)? { Verdict::Yes } else { Verdict::No })
}

/// Where a browser on this machine finds the server: a server of all addresses is at the loopback one, too.
fn here_is(address: SocketAddr) -> SocketAddr {
    let loopback = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(loopback, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_where_it_gets_to() {
        let here_is = |address: &str| here_is(address.parse().unwrap()).to_string();
        assert_eq!(here_is("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(here_is("[::]:80"), "[::1]:80");
        assert_eq!(here_is("192.168.1.5:80"), "192.168.1.5:80");
    }
}
