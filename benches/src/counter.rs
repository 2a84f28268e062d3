//! Samples in a stream of bytes.

use memchr::memmem::Finder;

/// Stands before the time of every sample, in whatever frame it comes.
const AT: &str = r#""at":""#;
/// Stands before a sample that is told as the latest of several, or in a first picture.
const LATEST: &str = r#""latest":{"#;
/// The longest time with its quotation mark: `2026-01-01T00:00:00.000000Z"`.
const TIME_BYTES: usize = 28;

/// Finds samples by what stands in each: right wherever the stream is cut, and for every protocol that sends JSON as it
/// is, neither masked nor compressed.
pub struct Counter {
    at: Finder<'static>,
    latest: Finder<'static>,
}

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// All samples.
    pub samples: u64,
    /// Those of them that stand for others as well, or are not new.
    pub latest: u64,
    /// Bytes at the end that must be looked at again, before what follows them.
    pub rest: usize,
}

impl Default for Counter {
    fn default() -> Self {
        Self { at: Finder::new(AT), latest: Finder::new(LATEST) }
    }
}

impl Counter {
    /// Counts what is whole, and tells the time of day of each sample, in microseconds.
    pub fn count(&self, data: &[u8], mut tell: impl FnMut(u64)) -> Counted {
        let mut counted = Counted { latest: self.latest.find_iter(data).count() as u64, ..Counted::default() };
        let mut looked = 0;
        for found in self.at.find_iter(data) {
            let text = &data[found + AT.len()..];
            let Some(length) = text.iter().take(TIME_BYTES).position(|byte| *byte == b'"') else {
                if text.len() < TIME_BYTES {
                    return Counted { rest: data.len() - found, ..counted };
                }
                continue;
            };
            looked = found + AT.len() + length;
            if let Some(at) = time_of_day(&text[..length]) {
                counted.samples += 1;
                tell(at);
            }
        }
        Counted { rest: (data.len() - looked).min(LATEST.len() - 1), ..counted }
    }
}

/// Of `2026-01-01T12:34:56.789Z`.
fn time_of_day(text: &[u8]) -> Option<u64> {
    let (time, fraction) = (text.get(11..19)?, text.get(20..text.len() - 1).unwrap_or_default());
    let mut parts = time.split(|byte| *byte == b':').map(number);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let places = 6_u32.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let micros = number(fraction)? * 10_u64.pow(places);
    Some((hours * 3_600 + minutes * 60 + seconds) * 1_000_000 + micros)
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = concat!(
        r#"{"type":"snapshot","server_time":"2026-01-01T00:00:00Z","subjects":[{"subject":"a","light":"green","#,
        r#""latest":{"subject":"a","at":"2026-01-01T00:00:01Z","pain":0.3}}]}"#,
        r#"~{"samples":[{"subject":"a","at":"2026-01-01T12:34:56.789Z"},{"subject":"b","at":"2026-01-01T23:59:59.000001Z"}]}"#,
        r#"{"merged":[{"subject":"a","from":"2026-01-01T00:00:02Z","latest":{"subject":"a","at":"2026-01-01T00:00:03.5Z"}}]}"#,
    );
    const TIMES: [u64; 4] = [1_000_000, 45_296_789_000, 86_399_000_001, 3_500_000];

    /// Reads the stream in pieces that end at these places.
    fn read(cuts: &[usize]) -> (u64, u64, Vec<u64>) {
        let (mut samples, mut latest, mut times) = (0, 0, Vec::new());
        let (mut kept, mut begin) = (Vec::new(), 0);
        for end in cuts.iter().copied().chain([STREAM.len()]) {
            kept.extend_from_slice(&STREAM.as_bytes()[begin..end]);
            let counted = Counter::default().count(&kept, |at| times.push(at));
            samples += counted.samples;
            latest += counted.latest;
            kept.drain(..kept.len() - counted.rest);
            begin = end;
        }
        (samples, latest, times)
    }

    #[test]
    fn samples_are_found_wherever_the_stream_is_cut() {
        let whole = (4, 2, TIMES.to_vec());
        assert_eq!(read(&[]), whole);
        for first in 0..STREAM.len() {
            for second in first..STREAM.len().min(first + 60) {
                assert_eq!(read(&[first, second]), whole, "cut at {first} and {second}");
            }
        }
        assert_eq!(read(&(0..STREAM.len()).collect::<Vec<_>>()), whole, "byte by byte");
    }

    #[test]
    fn what_is_no_time_is_no_sample() {
        let counted =
            Counter::default().count(br#"{"at":"noon"}{"at":"2026-01-01T00:00:00.0000000000000000Z"}"#, |_| ());
        assert_eq!(counted.samples, 0);
    }
}
