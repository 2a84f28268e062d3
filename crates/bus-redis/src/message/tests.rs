use domain::{
    Acknowledgement, Alert, AlertChange, AlertState, Command, Escalation, Event, EventBody, HeldBy, Level,
    Notification, Priority, Sample, Score, Side, SignalValue, Signals, Silence, SilenceChange, SilenceEnd, Subject,
    Text, Timestamp, Verdict, Vital, VitalVerdict, Vitals,
};
use durable_log::{Body, Entry};
use proptest::prelude::*;

use super::*;

const ME: u64 = 0xfeed;
const OTHER: u64 = 0xbeef;
const EPOCH: Epoch = Epoch(0x1234_5678_9abc_def0);

fn subject(name: &str) -> Subject {
    Subject::new(name).unwrap()
}

fn sample(name: &str, vitals: [Option<f64>; 4], signals: &[(&str, SignalValue)]) -> Body {
    let mut scores = Vitals::default();
    for (vital, value) in Vital::ALL.into_iter().zip(vitals) {
        scores.set(vital, value.map(|value| Score::new(value).unwrap()));
    }
    let signals: Signals = signals.iter().map(|(name, value)| ((*name).into(), *value)).collect();
    Body::Sample(Sample { subject: subject(name), at: Timestamp::from_micros(-1), vitals: scores, signals })
}

fn alert() -> Alert {
    Alert {
        id: "0.17.pain_critical_high".into(),
        subject: subject("агент-7"),
        rule: "pain_critical_high".into(),
        name: "PainCriticalHigh".into(),
        vital: Some(Vital::Pain),
        side: Some(Side::High),
        level: Level::Block,
        priority: Priority::P0,
        state: AlertState::Resolved,
        value: 0.1 + 0.2,
        threshold: 0.7,
        since: Timestamp::from_micros(1),
        opened_at: Timestamp::from_micros(1_767_225_600_123_456),
        resolved_at: Some(Timestamp::from_micros(1_767_225_601_000_000)),
        notification: Notification::Held { until: Timestamp::from_micros(5), by: HeldBy::Maintenance },
        acknowledged: Some(Acknowledgement {
            by: "\"O'Brien\"\n".into(), at: Timestamp::default(), note: "🕯️".into()
        }),
        silenced: Some(silence()),
        simulated: Some(domain::Simulated::Inbox),
        escalation: Escalation::default(),
        actions: vec!["emergency_recovery".into()],
        summary: Text::new("a\tb\\", "Боль\u{0}"),
        description: Text::new("\n{\"x\":[1]}", ""),
        recommendation: Text::default(),
    }
}

fn silence() -> Silence {
    Silence {
        id: "0-18.silence".into(),
        subject: subject("агент-7"),
        rule: Some("pain_critical_high".into()),
        from: Timestamp::from_micros(1_767_225_600_000_001),
        until: Timestamp::from_micros(1_767_229_200_000_001),
        by: "\"O'Brien\"\n".into(),
        note: "🕯️".into(),
        ended: Some(SilenceEnd { at: Timestamp::from_micros(1_767_225_600_000_002), by: Some("Энн".into()) }),
    }
}

fn event(body: EventBody) -> Body {
    let event = Event { id: "0.17".into(), subject: subject("agent-7"), at: Timestamp::from_millis(7), body };
    Body::Event(Box::new(event))
}

/// Entries with these bodies, numbered from `first` on.
fn batch_of(first: u64, bodies: Vec<Body>) -> Batch {
    let entries = bodies.into_iter().zip(first..=u64::MAX).map(|(body, seq)| {
        let recorded = Timestamp::from_micros(1_767_225_600_000_000 + (seq % 1_000).cast_signed());
        Entry { seq, recorded, body }
    });
    Batch { partition: Partition(63), entries: entries.collect() }
}

fn check_comes_back(sent: &Batch) {
    let message = batch(OTHER, EPOCH, sent).expect("it is not too large");
    match understand(&message, ME) {
        Some(Message::Batch(epoch, got)) => {
            assert_eq!(epoch, EPOCH);
            // Also what equality does not see, such as the sign of a zero.
            assert_eq!(format!("{got:?}"), format!("{sent:?}"));
            assert_eq!(&got, sent);
        }
        other => panic!("expected the batch, not {other:?}: {}", String::from_utf8_lossy(&message)),
    }
}

#[test]
fn every_kind_of_entry_comes_back_as_it_was() {
    let pain = VitalVerdict {
        level: Level::Warn,
        priority: Some(Priority::P2),
        side: Some(Side::High),
        since: Timestamp::from_micros(3),
        value: 0.550_000_000_000_000_1,
        stale: true,
    };
    let verdict = Verdict {
        pain: Some(pain),
        chaos: Some(VitalVerdict { priority: None, side: None, ..pain }),
        ..Verdict::default()
    };
    let command = Command::Acknowledge { alert: "0.17".into(), by: "a\"b\\c\nd".into(), note: String::new() };
    let numbers = [
        ("flag", SignalValue::Flag(true)),
        ("zero", SignalValue::Number(-0.0)),
        ("one", SignalValue::Number(1.0)),
        ("least", SignalValue::Number(5e-324)),
        ("most", SignalValue::Number(9_007_199_254_740_992.0)),
        ("третий \"сигнал\"", SignalValue::Number(1.0 / 3.0)),
    ];
    check_comes_back(&batch_of(
        1,
        vec![
            sample("agent-7", [Some(0.0), Some(1.0), Some(0.1 + 0.2), Some(5e-324)], &numbers),
            sample("Ω:@._-", [None, None, None, Some(1.0 / 3.0)], &[]),
            Body::Command(subject("agent-7"), command),
            event(EventBody::Levels { changed: vec![Vital::Pain, Vital::Chaos], verdict }),
            Body::Command(
                subject("agent-7"),
                Command::Silence { rule: None, seconds: 60, by: "Ann".into(), note: "\u{0}".into() },
            ),
            Body::Command(subject("agent-7"), Command::Unsilence { silence: "0-18.silence".into(), by: None }),
            event(EventBody::Silence { change: SilenceChange::Ended, silence: silence() }),
            event(EventBody::Alert { change: AlertChange::Resolved, alert: Box::new(alert()) }),
        ],
    ));
    check_comes_back(&batch_of(u64::MAX, vec![sample("agent-7", [Some(0.5), None, None, None], &[])]));
}

proptest! {
    #[test]
    fn every_number_comes_back_to_its_last_digit(
        score in 0.0..=1.0,
        number in any::<f64>().prop_filter("signals are finite", |number| number.is_finite()),
        first in 1..u64::MAX,
    ) {
        check_comes_back(&batch_of(first, vec![sample("agent-7", [Some(score), None, None, None], &[("x", SignalValue::Number(number))])]));
    }

    #[test]
    fn whatever_a_stranger_sends_is_read_without_harm(payload in any::<Vec<u8>>(), words in "[0-9a-f. :]{0,40}", body in "[\\[\\]{},:\"0-9a-z]{0,60}") {
        understand(&payload, ME);
        for kind in ["beat", "batch"] {
            understand(format!("{VERSION} beef {kind} {words}\n{body}").as_bytes(), ME);
            understand(format!("{VERSION} beef {kind} {words}").as_bytes(), ME);
        }
    }
}

#[test]
fn a_beat_tells_the_heads_or_nothing() {
    let heads = Cursor::new(EPOCH, vec![5, 0, u64::MAX]);
    assert_eq!(understand(&beat(OTHER, Some(&heads)), ME), Some(Message::Beat(Some(heads))));
    assert_eq!(understand(&beat(OTHER, None), ME), Some(Message::Beat(None)));
}

#[test]
fn own_messages_are_known_by_their_sender_and_not_read() {
    assert_eq!(understand(&beat(ME, None), ME), Some(Message::Own));
    assert_eq!(understand(format!("{VERSION} {ME:x} batch whatever\n[[[").as_bytes(), ME), Some(Message::Own));
}

#[test]
fn what_is_too_large_is_not_sent() {
    let small = sample("agent-7", [Some(0.5), None, None, None], &[]);
    assert!(batch(ME, EPOCH, &batch_of(1, vec![small.clone(); MOST_ENTRIES])).is_some());
    assert!(batch(ME, EPOCH, &batch_of(1, vec![small; MOST_ENTRIES + 1])).is_none());
    let names: Vec<String> = (0..32).map(|n| format!("{n:064}")).collect();
    let signals: Vec<_> = names.iter().map(|name| (name.as_str(), SignalValue::Flag(true))).collect();
    let large = sample("agent-7", [Some(0.5), None, None, None], &signals);
    assert!(batch(ME, EPOCH, &batch_of(1, vec![large; 200])).is_none());
}

#[test]
fn what_is_not_ours_is_not_understood() {
    let good =
        batch(OTHER, EPOCH, &batch_of(7, vec![sample("agent-7", [Some(0.5), None, None, None], &[]); 2])).unwrap();
    let good = String::from_utf8(good).unwrap();
    assert!(understand(good.as_bytes(), ME).is_some());
    let (header, body) = good.split_once('\n').unwrap();
    for bad in [
        String::new(),
        "hello".into(),
        good.replace(VERSION, "iskra2"),
        header.into(),
        format!("{header}\n"),
        format!("{header}\n[]"),
        format!("{header}\n{body}x"),
        format!("{header} more\n{body}"),
        format!("{header}\n{}", &body[..body.len() - 1]),
        good.replace(" 7 8\n", " 7 9\n"),
        good.replace(" 7 8\n", " 8 8\n"),
        good.replace(" 7 8\n", " 7 18446744073709551616\n"),
        good.replace(" 63 ", " 65535 "),
        good.replace("0.5", "1.5"),
        good.replace("0.5", "1e999"),
        good.replace("clarity", "clarty"),
        good.replace("\"agent-7\"", "\" \""),
        good.replace("sample", "simple"),
        format!("{VERSION} beef beat 1:2 3"),
        format!("{VERSION} beef beat x"),
        format!("{VERSION} beef beat\n"),
        format!("{VERSION} beef beat 1:{}1", "1.".repeat(usize::from(PARTITIONS))),
        format!("{VERSION} beef"),
        format!("{VERSION} xyz beat"),
        format!("{header}\n{}{body}", " ".repeat(MOST_BYTES_READ)),
    ] {
        assert_eq!(understand(bad.as_bytes(), ME), None, "{}", &bad[..bad.len().min(200)]);
    }
    assert_eq!(understand(&[0xff, b' ', 0xfe], ME), None);
}
