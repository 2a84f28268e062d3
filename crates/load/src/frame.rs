//! What a viewer needs to know of a frame. Thousands of viewers get each sample, so that most of them only look for where
//! samples begin; the shapes are those of docs/websocket.md, and what looks otherwise is taken apart as a whole.

use std::borrow::Cow;

use domain::Timestamp;
use memchr::memchr;
use memchr::memmem::Finder;
use serde::Deserialize;

/// A frame, as far as it matters here.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame<'a> {
    /// Whether the chain of cursors goes on.
    Subscribed {
        resumed: bool,
    },
    /// The chain begins anew.
    Snapshot {
        cursor: Cow<'a, str>,
    },
    Update(Update<'a>),
    Heartbeat {
        cursor: Cow<'a, str>,
    },
    /// So many frames are merged into the next update.
    Lagged {
        frames: u64,
    },
    /// What we sent was wrong.
    Error {
        message: String,
    },
    Other,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Update<'a> {
    pub(crate) prev: Cow<'a, str>,
    pub(crate) cursor: Cow<'a, str>,
    /// How many samples of ours there are, one by one.
    pub(crate) samples: u64,
    /// The time of the first of them.
    pub(crate) first: Option<Timestamp>,
    /// What it says of samples of ours that were merged.
    pub(crate) merged: Vec<Merged>,
}

/// Samples of one subject.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Merged {
    /// The earliest.
    pub(crate) from: Timestamp,
    /// The latest.
    pub(crate) latest: Timestamp,
    pub(crate) count: u64,
}

/// Reads frames, and knows which samples are ours.
#[derive(Debug)]
pub(crate) struct Reader {
    /// How the name of each of our subjects begins.
    prefix: String,
    /// How each of our samples begins.
    begin: Finder<'static>,
    /// The same as a text.
    begin_text: String,
}

#[derive(Deserialize)]
struct Whole<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default, borrow)]
    prev: Cow<'a, str>,
    #[serde(default, borrow)]
    cursor: Cow<'a, str>,
    #[serde(default)]
    resumed: bool,
    #[serde(default)]
    frames: u64,
    #[serde(default, borrow)]
    message: Cow<'a, str>,
    #[serde(default, borrow)]
    samples: Vec<WholeSample<'a>>,
    #[serde(default, borrow)]
    merged: Vec<WholeMerged<'a>>,
}

#[derive(Deserialize)]
struct WholeSample<'a> {
    #[serde(borrow)]
    subject: Cow<'a, str>,
    at: Timestamp,
}

#[derive(Deserialize)]
struct WholeMerged<'a> {
    from: Timestamp,
    #[serde(borrow)]
    latest: WholeSample<'a>,
    vitals: Vitals,
}

/// One of them is enough to count: each sample of ours has it, those of others need not.
#[derive(Deserialize)]
struct Vitals {
    pain: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    count: u64,
}

impl Reader {
    pub(crate) fn new(prefix: &str) -> Self {
        let prefix = format!("{prefix}-");
        let begin_text = format!(r#"{{"subject":"{prefix}"#);
        Self { prefix, begin: Finder::new(&begin_text).into_owned(), begin_text }
    }

    /// How the name of each of our subjects begins.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What matters of a frame; samples are only counted.
    pub(crate) fn count<'a>(&self, text: &'a str) -> serde_json::Result<Frame<'a>> {
        match self.update(text) {
            Some(update) => Ok(Frame::Update(update)),
            None => self.read(text, |_| {}),
        }
    }

    /// The same, and shows the time of each sample of ours.
    pub(crate) fn read<'a>(&self, text: &'a str, mut each: impl FnMut(Timestamp)) -> serde_json::Result<Frame<'a>> {
        let whole: Whole<'a> = serde_json::from_str(text)?;
        let cursor = whole.cursor;
        Ok(match &*whole.kind {
            "subscribed" => Frame::Subscribed { resumed: whole.resumed },
            "snapshot" => Frame::Snapshot { cursor },
            "heartbeat" => Frame::Heartbeat { cursor },
            "lagged" => Frame::Lagged { frames: whole.frames },
            "error" => Frame::Error { message: whole.message.into_owned() },
            "update" => {
                let mut update = Update { prev: whole.prev, cursor, ..Update::default() };
                for sample in whole.samples.iter().filter(|sample| self.is_ours(&sample.subject)) {
                    update.samples += 1;
                    update.first.get_or_insert(sample.at);
                    each(sample.at);
                }
                let merged = whole.merged.iter().filter(|merged| self.is_ours(&merged.latest.subject));
                update.merged.extend(merged.map(|WholeMerged { from, latest, vitals }| Merged {
                    from: *from,
                    latest: latest.at,
                    count: vitals.pain.as_ref().map_or(0, |pain| pain.count),
                }));
                Frame::Update(update)
            }
            _ => Frame::Other,
        })
    }

    fn is_ours(&self, subject: &str) -> bool {
        let number = subject.strip_prefix(&self.prefix);
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// An update of nothing but samples, in the order in which it is written.
    fn update<'a>(&self, text: &'a str) -> Option<Update<'a>> {
        let (prev, text) = text.strip_prefix(r#"{"type":"update","prev":""#)?.split_once('"')?;
        let (cursor, text) = text.strip_prefix(r#","cursor":""#)?.split_once('"')?;
        let (_, text) = text.strip_prefix(r#","server_time":""#)?.split_once('"')?;
        let samples = text.strip_prefix(r#","samples":["#)?.as_bytes();
        // No sample holds a bracket: names of subjects have none, and signals are numbers and flags.
        let end = memchr(b']', samples)?;
        if &samples[end..] != b"]}" {
            return None;
        }
        let samples = &samples[..end];
        let mut update = Update { prev: prev.into(), cursor: cursor.into(), ..Update::default() };
        for begin in self.begin.find_iter(samples) {
            let rest = &samples[begin + self.begin_text.len()..];
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let Some(rest) = rest[digits..].strip_prefix(br#"","at":""#).filter(|_| digits > 0) else { continue };
            update.samples += 1;
            if update.first.is_none() {
                update.first = Some(std::str::from_utf8(&rest[..memchr(b'"', rest)?]).ok()?.parse().ok()?);
            }
        }
        Some(update)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPDATE: &str = r#"{"type":"update","prev":"1:5.6","cursor":"1:7.6","server_time":"2026-01-01T00:00:01Z","#;
    const SAMPLES: &str = concat!(
        r#"{"subject":"host","at":"2026-01-01T00:00:00Z","pain":0.3,"signals":{"busy":true}},"#,
        r#"{"subject":"load-12","at":"2026-01-01T00:00:00.5Z","clarity":0.7,"pain":0.3},"#,
        r#"{"subject":"load-x","at":"2026-01-01T00:00:00.6Z","pain":0.3},"#,
        r#"{"subject":"load-1","at":"2026-01-01T00:00:00.7Z","pain":0.3}"#,
    );

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn counting_and_reading_see_the_same() {
        let reader = Reader::new("load");
        let text = format!(r#"{UPDATE}"samples":[{SAMPLES}]}}"#);
        let counted = reader.update(&text).expect("it is as the server writes it");
        assert_eq!((&*counted.prev, &*counted.cursor, counted.samples), ("1:5.6", "1:7.6", 2));
        assert_eq!(counted.first, Some(at("2026-01-01T00:00:00.5Z")));
        let mut times = Vec::new();
        assert_eq!(reader.read(&text, |at| times.push(at)).unwrap(), Frame::Update(counted));
        assert_eq!(times, [at("2026-01-01T00:00:00.5Z"), at("2026-01-01T00:00:00.7Z")]);
    }

    #[test]
    fn an_update_with_more_in_it_is_read_as_a_whole() {
        let reader = Reader::new("load");
        let merged = |subject: &str| {
            format!(
                r#"{{"subject":"{subject}","from":"2026-01-01T00:00:00Z","latest":{{"subject":"{subject}",
                "at":"2026-01-01T00:00:02Z","pain":0.3}},"vitals":{{"pain":{{"last":0.3,"min":0.2,"max":0.3,"count":17}}}}}}"#
            )
        };
        let lists = format!(r#""samples":[{SAMPLES}],"merged":[{},{}]"#, merged("load-3"), merged("host"));
        let text = format!("{UPDATE}{lists}}}");
        assert_eq!(reader.update(&text), None);
        let Frame::Update(update) = reader.count(&text).unwrap() else { panic!("it is an update") };
        let merged = Merged { from: at("2026-01-01T00:00:00Z"), latest: at("2026-01-01T00:00:02Z"), count: 17 };
        assert_eq!((update.samples, update.merged), (2, vec![merged]));
        let levels = format!(r#"{UPDATE}"levels":[{{"subject":"load-1","at":"2026-01-01T00:00:00Z"}}]}}"#);
        let Frame::Update(update) = reader.count(&levels).unwrap() else { panic!("it is an update") };
        assert_eq!((&*update.cursor, update.samples), ("1:7.6", 0));
    }

    #[test]
    fn what_others_send_without_pain_is_no_hindrance() {
        let other = r#""merged":[{"subject":"host","from":"2026-01-01T00:00:00Z","latest":{"subject":"host",
            "at":"2026-01-01T00:00:02Z","chaos":0.3},"vitals":{"chaos":{"last":0.3,"min":0.2,"max":0.3,"count":4}}}]"#;
        let text = format!("{UPDATE}{other}}}");
        let Frame::Update(update) = Reader::new("load").count(&text).unwrap() else { panic!("it is an update") };
        assert_eq!((&*update.cursor, update.samples, update.merged), ("1:7.6", 0, Vec::new()));
    }

    #[test]
    fn other_frames_are_told_apart() {
        let count = |text: &'static str| Reader::new("load").count(text).unwrap();
        assert_eq!(count(r#"{"type":"subscribed","status":"ok","resumed":true}"#), Frame::Subscribed { resumed: true });
        assert_eq!(count(r#"{"type":"heartbeat","cursor":"1:2"}"#), Frame::Heartbeat { cursor: "1:2".into() });
        let snapshot = r#"{"type":"snapshot","cursor":"1:2","subjects":[{"subject":"load-1","light":"green"}]}"#;
        assert_eq!(count(snapshot), Frame::Snapshot { cursor: "1:2".into() });
        assert_eq!(count(r#"{"type":"lagged","frames":3}"#), Frame::Lagged { frames: 3 });
        assert_eq!(count(r#"{"type":"error","message":"no"}"#), Frame::Error { message: "no".to_owned() });
        assert_eq!(count(r#"{"type":"sung"}"#), Frame::Other);
        assert!(Reader::new("load").count("{").is_err());
    }
}
