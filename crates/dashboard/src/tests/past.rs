//! The past, replayed.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::Vital::{Chaos, Clarity, Pain, Trust};
use domain::{Command, Timestamp};
use durable_log::Log;
use serde_json::{Value, json};

use super::judged::{Judged, moment};

type Sample = [(domain::Vital, f64); 4];

const CRISIS: Sample = [(Clarity, 0.75), (Chaos, 0.35), (Trust, 0.3), (Pain, 0.95)];
const CALM: Sample = [(Clarity, 0.75), (Chaos, 0.45), (Trust, 0.85), (Pain, 0.28)];
const END: i64 = 120;

/// Two minutes in which two subjects come and go through a crisis.
async fn story() -> Judged {
    let it = Judged::start().await;
    for second in 0..END / 2 {
        let (one, other) = if (10..30).contains(&second) { (&CRISIS, &CALM) } else { (&CALM, &CRISIS) };
        it.measure(second, "agent-7", one).await;
        if second == 15 {
            let (rule, note) = (None, String::new());
            let command = Command::Silence { rule, seconds: 60, by: "Ann".to_owned(), note };
            it.ask(second, "agent-7", command).await;
        }
        if second >= 20 {
            it.measure(second, "agent-8", other).await;
        }
    }
    it.judge(END).await;
    it
}

async fn ask(it: &Judged, query: &str) -> Value {
    let (status, mut body) = it.server.get(&format!("/api/v1/past?{query}")).await;
    assert_eq!(status, 200, "{query}: {body}");
    body["past"].take()
}

/// A page: what it shows.
#[derive(Debug, Default, PartialEq)]
struct Page {
    subjects: BTreeMap<String, Value>,
    alerts: BTreeMap<String, Value>,
}

fn name(of: &Value, field: &str) -> String {
    of[field].as_str().expect("a name").to_owned()
}

fn list<'a>(of: &'a Value, field: &str) -> &'a [Value] {
    of[field].as_array().map_or(&[], Vec::as_slice)
}

impl Page {
    fn new(start: &Value) -> Self {
        let by = |field, key| list(start, field).iter().map(|one| (name(one, key), one.clone())).collect();
        Self { subjects: by("subjects", "subject"), alerts: by("alerts", "id") }
    }

    /// As it does with an update of the stream.
    fn apply(&mut self, update: &Value) {
        for sample in list(update, "samples") {
            self.subject(sample)["latest"] = sample.clone();
        }
        for levels in list(update, "levels") {
            for field in ["light", "level", "verdict"] {
                self.subject(levels)[field] = levels[field].clone();
            }
        }
        for changed in list(update, "alerts") {
            let alert = &changed["alert"];
            match alert["state"].as_str() {
                Some("firing") => _ = self.alerts.insert(name(alert, "id"), alert.clone()),
                _ => _ = self.alerts.remove(alert["id"].as_str().unwrap()),
            }
        }
        for event in list(update, "events") {
            let now = self.subject(event);
            match event["kind"].as_str().unwrap() {
                "seam" => now["state"] = json!({"state": event["seam"]["to"], "since": event["seam"]["at"]}),
                kind @ ("tone" | "chorus") => now[kind] = event[kind].clone(),
                "silence" if event["change"] == "created" => now["silences"] = json!([event["silence"]]),
                "silence" => _ = now.as_object_mut().unwrap().remove("silences"),
                _ => {}
            }
        }
    }

    fn subject(&mut self, of: &Value) -> &mut Value {
        let new = || json!({"subject": of["subject"], "light": "black", "level": "OK"});
        self.subjects.entry(name(of, "subject")).or_insert_with(new)
    }
}

/// From any moment to any other, in however many answers: what is replayed is what was.
#[tokio::test]
async fn a_replay_leads_from_how_it_was_to_how_it_is() {
    let it = story().await;
    for (from, to, limit) in [(0, 120, 5_000), (0, 120, 3), (9, 35, 1), (25, 90, 7), (-60, 0, 5), (31, 31, 1)] {
        let mut page = Page::new(&ask(&it, &format!("subject=agent-7&from={}", moment(from))).await["start"]);
        let (mut begin, mut answers, mut moments) = (moment(from).to_string(), 0, Vec::new());
        loop {
            let query = format!("subject=agent-7&from={begin}&to={}&limit={limit}", moment(to));
            let past = ask(&it, &query).await;
            assert_eq!(page, Page::new(&past["start"]), "{begin}");
            for update in list(&past, "updates") {
                moments.push(update["at"].as_str().unwrap().parse::<Timestamp>().unwrap());
                page.apply(update);
            }
            let until = name(&past, "until");
            assert!(until != begin || past["truncated"] == false, "it would never come to an end");
            (begin, answers) = (until, answers + 1);
            if past["truncated"] == false {
                break;
            }
        }
        assert_eq!(begin, moment(to).to_string());
        assert!(moments.is_sorted_by(|before, after| before < after), "{moments:?}");
        assert!((answers > 1) == (limit < 10 && from != to && to > 0), "{answers} answers for {from} to {to}");
        let end = ask(&it, &format!("subject=agent-7&from={}", moment(to))).await;
        assert_eq!(page, Page::new(&end["start"]), "{from} to {to} by {limit}");
        assert_eq!(end["updates"], json!([]));
    }
    let (_, now) = it.server.get("/api/v1/subjects/agent-7").await;
    let end = ask(&it, &format!("subject=agent-7&from={}", moment(END))).await;
    assert_eq!(end["start"]["subjects"], json!([now["subject"]]));
    assert!(!list(&end["start"], "alerts").is_empty(), "otherwise this tells nothing of alerts");
}

#[tokio::test]
async fn without_a_subject_all_are_told_and_no_samples() {
    let it = story().await;
    let past = ask(&it, &format!("from={}&to={}", moment(15), moment(60))).await;
    let names = |of: &Value| list(of, "subjects").iter().map(|now| name(now, "subject")).collect::<Vec<_>>();
    assert_eq!(names(&past["start"]), ["agent-7"], "the other comes later");
    let mut page = Page::new(&past["start"]);
    for update in list(&past, "updates") {
        assert!(update.get("samples").is_none() && update.get("merged").is_none(), "{update}");
        page.apply(update);
    }
    let end = ask(&it, &format!("from={}", moment(60))).await;
    assert_eq!(names(&end["start"]), ["agent-7", "agent-8"]);
    let mut expected = Page::new(&end["start"]);
    for now in page.subjects.values_mut().chain(expected.subjects.values_mut()) {
        now.as_object_mut().unwrap().remove("latest");
    }
    assert_eq!(page, expected);
}

#[tokio::test]
async fn samples_are_merged_by_a_step_and_events_are_not() {
    let it = story().await;
    let between = format!("subject=agent-7&from={}&to={}", moment(-1), moment(59));
    let (raw, merged) = (ask(&it, &between).await, ask(&it, &format!("{between}&step=20s")).await);
    let all = |past: &Value, field: &str| -> Vec<Value> {
        list(past, "updates").iter().flat_map(|update| list(update, field).to_vec()).collect()
    };
    for field in ["levels", "alerts", "events"] {
        assert!(!all(&raw, field).is_empty(), "{field}");
        assert_eq!(all(&raw, field), all(&merged, field));
    }
    assert_eq!((all(&raw, "samples").len(), all(&merged, "samples").len()), (60, 0));
    let buckets = all(&merged, "merged");
    assert_eq!(buckets.len(), 3);
    let end = "2026-01-01T00:00:19.999999Z";
    assert_eq!(
        buckets[0],
        json!({
            "subject": "agent-7", "from": moment(0),
            "latest": {"subject": "agent-7", "at": end, "clarity": 0.75, "chaos": 0.35, "trust": 0.3, "pain": 0.95},
            "vitals": {
                "clarity": {"last": 0.75, "min": 0.75, "max": 0.75, "count": 20},
                "chaos": {"last": 0.35, "min": 0.35, "max": 0.45, "count": 20},
                "trust": {"last": 0.3, "min": 0.3, "max": 0.85, "count": 20},
                "pain": {"last": 0.95, "min": 0.28, "max": 0.95, "count": 20},
            },
        })
    );
    // A bucket is told at its end, and the last one at the end of the span.
    assert_eq!(name(&buckets[2]["latest"], "at"), moment(59).to_string());
    // Where the answer was cut, the bucket goes on in the next: of a value none is left out, none counted twice.
    let (mut from, mut counted) = (moment(-1).to_string(), 0);
    while from != moment(59).to_string() {
        let past = ask(&it, &format!("subject=agent-7&from={from}&to={}&step=20s&limit=2", moment(59))).await;
        let counts = all(&past, "merged");
        counted += counts.iter().map(|merged| merged["vitals"]["pain"]["count"].as_u64().unwrap()).sum::<u64>();
        assert_ne!(from, name(&past, "until"), "it would never come to an end");
        from = name(&past, "until");
    }
    assert_eq!(counted, 60);
}

#[tokio::test]
async fn what_was_deleted_is_admitted() {
    let it = story().await;
    let from = moment(10);
    assert!(ask(&it, &format!("from={from}")).await.get("history_from").is_none());
    it.set(3_600 + 40);
    it.server.log.prune(Duration::from_hours(1), 10_000).await.unwrap();
    let since = name(&ask(&it, &format!("from={from}")).await, "history_from");
    assert_eq!(since, moment(40).to_string());
    let since = name(&ask(&it, &format!("subject=agent-7&from={from}")).await, "history_from");
    assert_eq!(since, moment(40).to_string());
    it.set(2 * 3_600);
    it.server.log.prune(Duration::from_hours(1), 10_000).await.unwrap();
    let past = ask(&it, &format!("subject=agent-7&from={from}")).await;
    assert_eq!(name(&past, "history_from"), moment(7_200).to_string());
}

#[tokio::test]
async fn a_past_that_makes_no_sense_is_refused() {
    let it = Judged::start().await;
    let (from, before) = (moment(10), moment(9));
    for (query, code) in [
        (format!("from={from}&to={before}"), Some("bad_range")),
        (format!("from={from}&step=10s"), Some("bad_step")),
        (format!("from={from}&subject=a&step=0"), Some("bad_step")),
        (format!("from={from}&limit=0"), Some("bad_limit")),
        (format!("from={from}&limit=20001"), Some("bad_limit")),
        ("subject=agent-7".to_owned(), None),
        (format!("form={from}"), None),
    ] {
        let (status, problem) = it.server.get(&format!("/api/v1/past?{query}")).await;
        assert_eq!(status, 400, "{query}: {problem}");
        assert!(code.is_none_or(|code| problem["code"] == code), "{query}: {problem}");
    }
    it.set(20);
    let unknown = ask(&it, &format!("subject=nobody&from={from}&to={}", moment(20))).await;
    let start = json!({"subjects": [], "alerts": [], "truncated": false});
    assert_eq!((&unknown["start"], &unknown["updates"], &unknown["until"]), (&start, &json!([]), &json!(moment(20))));
    let past = ask(&it, &format!("from={from}&to={}", moment(60))).await;
    assert_eq!(
        (&past["until"], &past["truncated"]),
        (&json!(moment(20)), &json!(false)),
        "what is to come is not known"
    );
    it.assert_unavailable(&[&format!("/api/v1/past?from={from}")]).await;
}
