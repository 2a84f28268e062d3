use domain::{Score, Vitals};
use durable_log::Epoch;

use super::*;
use crate::Channels;
use crate::backlog::Backlog;

fn sample(at: i64, vitals: &[(Vital, f64)]) -> Entry {
    let vitals = vitals.iter().fold(Vitals::default(), |all, &(vital, value)| all.with(vital, Score::clamped(value)));
    let (subject, at) = (Subject::new("agent-7").unwrap(), Timestamp::from_millis(at));
    Entry { seq: 1, recorded: at, body: Body::Sample(Sample { subject, at, vitals, signals: domain::Signals::new() }) }
}

#[test]
fn out_of_order_samples_keep_extremes_and_the_last_by_time() {
    let cursor = |seq| Arc::new(Cursor::new(Epoch(7), vec![seq]));
    let interest = Interest::new(Channels::ALL, None);
    let mut merge = Merge::new(cursor(1), Share::of(Backlog::new(9)));
    let first = [sample(5, &[(Vital::Pain, 0.95)]), sample(3, &[(Vital::Pain, 0.2), (Vital::Trust, 0.8)])];
    merge.fold(first.iter(), &cursor(3), &interest);
    merge.fold([sample(6, &[(Vital::Pain, 0.3)])].iter(), &cursor(4), &interest);
    let [lagged, update] = merge.to_frames(&interest, Timestamp::from_millis(9));
    insta::assert_snapshot!(str::from_utf8(&lagged).unwrap(), @r#"{"type":"lagged","frames":2}"#);
    insta::assert_json_snapshot!(serde_json::from_slice::<serde_json::Value>(&update).unwrap(), @r#"
    {
      "cursor": "7:4",
      "merged": [
        {
          "from": "1970-01-01T00:00:00.003Z",
          "latest": {
            "at": "1970-01-01T00:00:00.006Z",
            "pain": 0.3,
            "subject": "agent-7"
          },
          "subject": "agent-7",
          "vitals": {
            "pain": {
              "count": 3,
              "last": 0.3,
              "max": 0.95,
              "min": 0.2
            },
            "trust": {
              "count": 1,
              "last": 0.8,
              "max": 0.8,
              "min": 0.8
            }
          }
        }
      ],
      "prev": "7:1",
      "server_time": "1970-01-01T00:00:00.009Z",
      "type": "update"
    }
    "#);
}
