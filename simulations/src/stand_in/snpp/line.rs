//! Lines of a text protocol, with a limit.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// Longest command line with its line end, and longest line of `DATA`. RFC 1861 names no limit; RFC 821 has 512
/// for commands and 1000 for text.
pub const LINE_BYTES_MAX: usize = 1000;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line without its end (CR LF or LF).
    Text(String),
    /// A line of more than [`LINE_BYTES_MAX`]; all of it was read and forgotten.
    TooLong,
    /// The client closed the connection.
    End,
}

/// Reads one line. Bytes that are not UTF-8 are read as Latin-1, as old paging software sends them.
pub async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut length = 0;
    loop {
        let chunk = stream.fill_buf().await?;
        if chunk.is_empty() {
            return Ok(Line::End);
        }
        let newline = chunk.iter().position(|&byte| byte == b'\n');
        let taken = newline.map_or(chunk.len(), |at| at + 1);
        length += taken;
        if length <= LINE_BYTES_MAX {
            line.extend_from_slice(&chunk[..taken]);
        }
        stream.consume(taken);
        if newline.is_some() {
            break;
        }
    }
    if length > LINE_BYTES_MAX {
        return Ok(Line::TooLong);
    }
    line.pop_if(|byte| *byte == b'\n');
    line.pop_if(|byte| *byte == b'\r');
    let text = String::from_utf8(line)
        .unwrap_or_else(|error| error.as_bytes().iter().map(|&byte| char::from(byte)).collect());
    Ok(Line::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn long_lines_are_swallowed_whole() {
        let long = format!("MESS {}\r\nQUIT\nM\u{fc}", "x".repeat(LINE_BYTES_MAX));
        let mut stream = long.as_bytes();
        assert_eq!(read(&mut stream).await.expect("memory can be read"), Line::TooLong);
        assert_eq!(read(&mut stream).await.expect("memory can be read"), Line::Text("QUIT".to_owned()));
        assert_eq!(read(&mut stream).await.expect("memory can be read"), Line::End);
        let latin: &[u8] = b"MESS \xfc\r\n";
        assert_eq!(read(&mut &*latin).await.expect("memory can be read"), Line::Text("MESS ü".to_owned()));
    }
}
