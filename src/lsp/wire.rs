//! Messages on a stream: a head that says how long, then JSON (Base Protocol of LSP 3.17). Whatever a stranger sends,
//! no more is kept of it than is allowed. Knows nothing of what messages mean.

use std::io::{self, BufRead, Read, Write};

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};

/// The longest line of a head, and how many there may be.
const HEAD: (u64, usize) = (4096, 32);
/// The longest message: a text of a few megabytes, spelled out as JSON, is far below.
const LONGEST: u64 = 256 << 20;

/// What comes in.
#[derive(Debug)]
pub enum Received {
    /// A message.
    Message(Message),
    /// What is no message, though one knows where the next begins: how to answer it.
    Wrong(ErrorCode, String),
}

/// Reads the next message; nothing at the end of the stream. Errors: those of the stream, and a head after which one
/// cannot tell where the next message begins.
pub fn read(from: &mut impl BufRead) -> io::Result<Option<Received>> {
    let Some(length) = length(from)? else { return Ok(None) };
    if length > LONGEST {
        return Err(wrong(format!("a message of {length} bytes is longer than the {LONGEST} that are taken")));
    }
    let mut bytes = Vec::new();
    // Memory is taken as bytes come, not as they are announced.
    from.by_ref().take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(wrong(format!("the input ends {} bytes into a message of {length}", bytes.len())));
    }
    let value: Value = match serde_json::from_slice(&bytes) {
        Ok(value) => value,
        Err(error) => return Ok(Some(Received::Wrong(ErrorCode::ParseError, format!("this is no JSON: {error}")))),
    };
    Ok(Some(match serde_json::from_value(value) {
        Ok(message) => Received::Message(message),
        Err(error) => Received::Wrong(ErrorCode::InvalidRequest, format!("this is no message: {error}")),
    }))
}

/// How many bytes the next message has, by its head.
fn length(from: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    for number in 0..HEAD.1 {
        let mut line = Vec::new();
        from.by_ref().take(HEAD.0).read_until(b'\n', &mut line)?;
        if line.is_empty() && number == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let Some(text) = text.strip_suffix("\r\n") else {
            return Err(wrong(format!("a head of a message is wanted, not {}", shown(&text))));
        };
        if text.is_empty() {
            return length.map(Some).ok_or_else(|| wrong("a head without Content-Length".to_owned()));
        }
        let Some((name, value)) = text.split_once(':') else {
            return Err(wrong(format!("a line `Name: value` is wanted, not {}", shown(text))));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            let number = value.trim().parse().map_err(|_| wrong(format!("Content-Length is {}", shown(value))))?;
            length = Some(number);
        }
    }
    Err(wrong(format!("a head of more than {} lines", HEAD.1)))
}

/// The beginning of what somebody sent, made harmless.
fn shown(text: &str) -> String {
    let begin: String = text.chars().take(60).collect();
    format!("{begin:?}")
}

fn wrong(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Writes a message.
pub fn write(message: &Message, to: &mut impl Write) -> io::Result<()> {
    message.write(to)
}

/// Writes the answer to what had no id that one could answer to (JSON-RPC 2.0, 5.1).
pub fn write_wrong(code: ErrorCode, message: &str, to: &mut impl Write) -> io::Result<()> {
    let answer = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code as i32, "message": message}}).to_string();
    write!(to, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(bytes: &[u8]) -> Result<Option<Received>, String> {
        read(&mut io::BufReader::new(bytes)).map_err(|error| error.to_string())
    }

    #[test]
    fn messages_are_read_with_any_head_of_the_protocol() {
        let body = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let head = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        assert!(matches!(received(head.as_bytes()), Ok(Some(Received::Message(Message::Notification(_))))));
        let head = format!("content-length:{}\r\nContent-Type: application/vscode\r\n\r\n{body}", body.len());
        assert!(matches!(received(head.as_bytes()), Ok(Some(Received::Message(_)))));
        assert!(matches!(received(b""), Ok(None)));
    }

    #[test]
    fn what_is_no_message_is_told_from_what_ends_the_stream() {
        assert!(matches!(
            received(b"Content-Length: 2\r\n\r\n{]"),
            Ok(Some(Received::Wrong(ErrorCode::ParseError, _)))
        ));
        let wrong = received(b"Content-Length: 2\r\n\r\n[]");
        assert!(matches!(wrong, Ok(Some(Received::Wrong(ErrorCode::InvalidRequest, _)))));
        for (bytes, said) in [
            (&b"GET / HTTP/1.1\r\n\r\n"[..], "a line `Name: value` is wanted, not \"GET / HTTP/1.1\""),
            (b"\r\n", "a head without Content-Length"),
            (b"Content-Length: 99999999999999999999\r\n\r\n", "Content-Length is \" 99999999999999999999\""),
            (b"Content-Length: -1\r\n\r\n", "Content-Length is \" -1\""),
            (
                b"Content-Length: 18446744073709551615\r\n\r\n",
                "a message of 18446744073709551615 bytes is longer than the 268435456 that are taken",
            ),
            (b"Content-Length: 200000000\r\n\r\n{}", "the input ends 2 bytes into a message of 200000000"),
            (b"Content-Length: 2", "a head of a message is wanted, not \"Content-Length: 2\""),
            (b"\xff\x1b[2J\n", "a head of a message is wanted, not \"\u{fffd}\\u{1b}[2J\\n\""),
        ] {
            assert_eq!(received(bytes).unwrap_err(), said);
        }
        assert!(received(&[b'x'; 10_000]).is_err());
        assert!(received("a: b\r\n".repeat(100).as_bytes()).is_err());
    }
}
