//! What every request must be, and what every answer carries: nothing but reading, addressed to this server by a name
//! that is its own, and told to the browser in the strictest words. Knows nothing of what is answered.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::header::{ALLOW, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::reply;

/// How many bytes a query may have.
const QUERY: usize = 8 << 10;

/// What every answer carries.
const HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-cache"),
];

/// The address of this machine at which a request came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local(pub(super) SocketAddr);

/// Lets through what is a request to this server, and dresses every answer.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = match refused(&request) {
        Some(refused) => refused,
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// The answer to a request that is none to this server.
fn refused(request: &Request) -> Option<Response> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        let message = "a request names the host that it is for, once";
        return Some(reply::error(StatusCode::BAD_REQUEST, "bad-request", message, None));
    };
    let local = request.extensions().get::<Local>().map(|local| local.0);
    let is_ours = |name: &str| local.is_some_and(|local| is_ours(name, local));
    let named = request.uri().authority().map(Authority::as_str);
    if !host.to_str().is_ok_and(is_ours) || !named.is_none_or(is_ours) {
        // A name that is not ours may be a stranger's, who lets it point here (DNS rebinding).
        let message = "this server goes by its address alone, and not by the name that was asked for";
        let help = local.map(|local| format!("ask for http://{local}/"));
        return Some(reply::error(StatusCode::MISDIRECTED_REQUEST, "misdirected", message, help.as_deref()));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let message = "nothing can be changed here: GET and HEAD are all there is";
        let mut response = reply::error(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", message, None);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(response);
    }
    if request.uri().query().is_some_and(|query| query.len() > QUERY) {
        let message = format!("a question has at most {QUERY} bytes");
        return Some(reply::error(StatusCode::URI_TOO_LONG, "too-long", &message, None));
    }
    None
}

/// Whether a host means this server: the address at which it was reached, or `localhost` from this machine itself; each
/// with the port.
fn is_ours(host: &str, local: SocketAddr) -> bool {
    let Ok(host) = host.parse::<Authority>() else { return false };
    let name = host.host();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let reached = local.ip().to_canonical();
    let is_name = address.map(|address| address.to_canonical() == reached);
    let is_local = name.eq_ignore_ascii_case("localhost") && reached.is_loopback();
    let port = host.port_u16().unwrap_or(80);
    !host.as_str().contains('@') && port == local.port() && is_name.unwrap_or(is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_an_address_of_ours_or_localhost_from_here() {
        let loopback = "127.0.0.1:4280".parse().unwrap();
        for host in ["127.0.0.1:4280", "localhost:4280", "LOCALHOST:4280"] {
            assert!(is_ours(host, loopback), "{host}");
        }
        let strange = ["evil.example:4280", "127.0.0.1", "127.0.0.1:4281", "127.0.0.2:4280", "localhost.evil:4280", ""];
        for host in strange.into_iter().chain(["a@127.0.0.1:4280", "[::1]:4280", "2130706433:4280", "localhost.:4280"])
        {
            assert!(!is_ours(host, loopback), "{host}");
        }
        assert!(is_ours("[::1]:80", "[::1]:80".parse().unwrap()));
        assert!(is_ours("localhost", "[::1]:80".parse().unwrap()));
        // Of a socket for both kinds of addresses.
        assert!(is_ours("192.168.1.5:8000", "[::ffff:192.168.1.5]:8000".parse().unwrap()));
        assert!(!is_ours("localhost:8000", "192.168.1.5:8000".parse().unwrap()));
    }
}
