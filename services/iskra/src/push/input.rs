//! Takes standard input apart into lines that are worth sending.

use std::io::{BufRead, Read as _};

use anyhow::Context as _;
use domain::limits;
use tokio::sync::mpsc;

use super::Line;
use crate::say;

/// Hands on the lines of `input` that are not blank, until it ends or nobody wants them any more. Answers how many it
/// refused: those that are too long to be a sample, or not text.
pub(super) fn read(mut input: impl BufRead, lines: &mpsc::Sender<Line>) -> anyhow::Result<usize> {
    let longest = limits::SAMPLE_BYTES;
    let mut refused = 0;
    for number in 1.. {
        let mut line = Vec::new();
        let limit = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
        let read = input.by_ref().take(limit).read_until(b'\n', &mut line);
        if read.with_context(|| format!("reading line {number}"))? == 0 {
            break;
        }
        if line.len() > longest && !line.ends_with(b"\n") {
            input.skip_until(b'\n').with_context(|| format!("reading line {number}"))?;
            say::note(&format!("line {number}: a sample has at most {longest} bytes of JSON"));
            refused += 1;
            continue;
        }
        match String::from_utf8(line) {
            Ok(line) if line.trim().is_empty() => {}
            // A sender that has failed says so itself.
            Ok(line) if lines.blocking_send((number, line.trim().to_owned())).is_err() => break,
            Ok(_) => {}
            Err(_) => {
                say::note(&format!("line {number}: not UTF-8"));
                refused += 1;
            }
        }
    }
    Ok(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_and_bytes_that_are_no_text_are_left_out_and_the_numbers_stay() {
        let longest = "b".repeat(limits::SAMPLE_BYTES);
        let too_long = "c".repeat(limits::SAMPLE_BYTES + 1);
        let input = [b"a\n\r\n\xff\n", longest.as_bytes(), b"\n", too_long.as_bytes(), b"\nlast"].concat();
        let (sender, mut lines) = mpsc::channel(10);
        assert_eq!(read(&*input, &sender).unwrap(), 2);
        drop(sender);
        let sent: Vec<Line> = std::iter::from_fn(|| lines.blocking_recv()).collect();
        assert_eq!(sent, [(1, "a".to_owned()), (4, longest), (6, "last".to_owned())]);
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let endless = std::io::BufReader::new(std::io::repeat(b'x').take(1 << 24));
        let (sender, mut lines) = mpsc::channel(1);
        assert_eq!(read(endless, &sender).unwrap(), 1);
        assert!(lines.try_recv().is_err());
    }
}
