//! Messages as they come off the pipe. tower-lsp stops reading at the first one that is no JSON; here such are left out.

use serde::de::IgnoredAny;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// The largest message that is taken, in bytes: larger than the largest file that is read, however much of it is escaped.
const LARGEST: usize = 256 * 1024 * 1024;

/// How long a line of a message's head may be.
const LONGEST: u64 = 4096;

/// Hands on every message that is one, until the pipe ends.
pub(super) async fn pump<I, O>(input: I, mut output: O)
where
    I: AsyncRead + Unpin,
    O: AsyncWrite + Unpin,
{
    let mut input = BufReader::new(input);
    while let Some(len) = head(&mut input).await {
        let mut body = vec![0; len];
        if input.read_exact(&mut body).await.is_err() {
            return;
        }
        if !is_message(&body) {
            continue;
        }
        let head = format!("Content-Length: {len}\r\n\r\n");
        if output.write_all(head.as_bytes()).await.is_err() || output.write_all(&body).await.is_err() {
            return;
        }
    }
}

/// Reads the head of a message: how long the message is. None at the end, or where nothing can be told any more.
async fn head(input: &mut (impl AsyncBufReadExt + Unpin)) -> Option<usize> {
    let mut len = None;
    loop {
        let mut line = Vec::new();
        let read = (&mut *input).take(LONGEST).read_until(b'\n', &mut line).await.ok()?;
        if read == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if let Some((name, value)) = line.split_once(':') {
            if name.trim().eq_ignore_ascii_case("content-length") {
                len = value.trim().parse().ok().filter(|len| *len <= LARGEST);
            }
        } else if line.is_empty() && len.is_some() {
            return len;
        }
        // A line that is nothing, or an end without a length: what follows may be a head again.
    }
}

/// Whether a body is an object of JSON: a request, a notification, a reply.
fn is_message(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first == Some(&b'{') && serde_json::from_slice::<IgnoredAny>(body).is_ok()
}
