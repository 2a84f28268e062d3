//! Why it fired and how objectives were met, as people and scripts ask.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use bus_local::SilentBus;
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Clock, Log as _};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use serde_json::{Value, json};

use crate::cli::{iskra, run};
use crate::suite::{Suite, eventually};

const DAY: i64 = 86_400;

/// The text with `<time>` instead of each moment, and `<rules>` instead of their hash.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| word.len() >= 20 && word.parse::<Timestamp>().is_ok();
    let hide = |word: &str| {
        let bare = word.trim_matches(&['(', ')', ',', ';', ':'][..]);
        let shown = match bare {
            bare if is_time(bare) => "<time>",
            bare if bare.len() >= 8 && bare.chars().all(|c| c.is_ascii_hexdigit()) => "<rules>",
            bare => bare,
        };
        word.replace(bare, shown)
    };
    let line = |line: &str| line.split(' ').map(hide).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_why_an_alert_fires_and_another_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &["--set", "storage.partitions=1"]).await;
    suite.push_pain("agent-7", 0.95).await;
    eventually("the alert", async || suite.alerts("?state=firing").await.into_iter().next()).await;
    let ask = |more: &[&str]| run(folder.path(), &[&["explain", "--url", &suite.pulse], more].concat());
    let (code, said, wrong) = ask(&["agent-7", "pain_critical"]);
    assert_eq!((code, &*wrong), (0, ""), "{said}");
    insta::assert_snapshot!(without_times(&said), @r"
    agent-7 at <time> (judged until <time>), by rules <rules>
    yes pain_critical_high           pain 0.95 ≥ 0.70
                                     alert 0-1.pain_critical_high fires: people were told at <time>, step 1 of 3; since <time>; cooldown until <time>
    ");
    let (_, said, _) = ask(&["agent-7", "trust_critical_low", "--language", "ru"]);
    insta::assert_snapshot!(without_times(&said), @r"
    agent-7 на <time> (оценено до <time>), по правилам <rules>
    ?   trust_critical_low           ни разу не измерялось
                                     тревоги нет
    ");
    let mut in_russian = iskra(folder.path(), &["explain", "--url", &suite.pulse, "agent-7", "stale"]);
    let said = String::from_utf8(in_russian.env("LANG", "ru_RU.UTF-8").output().unwrap().stdout).unwrap();
    assert!(said.contains("все показатели поступают"), "{said}");

    let (code, said, _) = ask(&["agent-7", "pain_critical_high", "--json"]);
    let answer: Value = serde_json::from_str(&said).unwrap();
    let rule = &answer["rules"][0];
    assert_eq!((code, answer["rules"].as_array().unwrap().len()), (0, 1));
    assert_eq!(
        (&rule["value"], &rule["threshold"], &rule["holds"], &rule["notification"]["status"]),
        (&json!(0.95), &json!(0.7), &json!(true), &json!("sent"))
    );
    for (arguments, wrong) in [
        (["nobody", "stale"], "iskra: the subject `nobody` was never judged\n"),
        (["agent-7", "pian"], "iskra: no rule's name begins with `pian`\n"),
    ] {
        assert_eq!(ask(&arguments), (1, String::new(), wrong.to_owned()));
    }
}

/// A minute outside the OK zone and one inside, two days ago, and a sample on the day after it.
async fn fill(path: &Path, today: i64) {
    let hand = Arc::new(AtomicI64::new(0));
    let wall = Arc::clone(&hand);
    let clock = Clock::new(move || Timestamp::from_micros(wall.load(Ordering::SeqCst)));
    let log =
        SqliteLog::open(SqliteOptions { clock, ..SqliteOptions::new(path, 1, Arc::new(SilentBus)) }).await.unwrap();
    for (seconds, pain) in [(-36 * 3_600, 0.65), (-35 * 3_600, 0.35), (-20 * 3_600, 0.35)] {
        let at = Timestamp::from_millis((today + seconds) * 1_000);
        hand.store(at.as_micros(), Ordering::SeqCst);
        let (subject, vitals) =
            (Subject::new("agent-7").unwrap(), Vitals::default().with(Vital::Pain, Score::clamped(pain)));
        log.append(vec![Sample { subject, at, vitals, signals: Signals::new() }]).await.unwrap();
    }
    log.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let now = i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let today = now - now.rem_euclid(DAY);
    fill(&folder.path().join("iskra.db"), today).await;
    let suite = Suite::start(folder.path(), &["--set", "storage.partitions=1"]).await;
    suite.push_pain("agent-7", 0.35).await;
    let day_of = |seconds: i64| Timestamp::from_millis((today + seconds) * 1_000).to_string();
    let (before, last) = (day_of(-2 * DAY), day_of(-DAY));
    let month = &before[..7];
    let report = |more: &[&str]| {
        let asked = ["slo", "report", "--url", &suite.pulse, "--month", month];
        let (code, said, wrong) = run(folder.path(), &[&asked[..], more].concat());
        assert_eq!((code, &*wrong), (0, ""));
        said
    };
    let row = eventually("the day before yesterday is accounted for", async || {
        let said = report(&[]);
        said.lines().find(|line| line.contains("| pain |") && line.contains("**no**")).map(str::to_owned)
    })
    .await;
    // The second day of the two may lie in the next month.
    let (inside, budget, unmeasured) = match last.starts_with(month) {
        true => ("66.667 %", "-3233.3 %", "1 d 11 h"),
        false => ("50.000 %", "-4900.0 %", "11 h 58 min"),
    };
    assert_eq!(row, format!("| agent-7 | pain | 99.00 % | {inside} | 1 min | {unmeasured} | {budget} | **no** |"));
    let said = report(&[]);
    assert!(said.starts_with(&format!("# Objectives in {month}\n\n| subject | vital |")), "{said}");
    assert!(said.lines().any(|line| line.starts_with("Alerts that opened: 0 P0, ")), "{said}");
    assert!(report(&["--language", "ru"]).contains("**нет**"));
    let answer: Value = serde_json::from_str(&report(&["--json"])).unwrap();
    assert_eq!((&answer["rows"][0]["subject"], &answer["rows"][0]["met"]), (&json!("agent-7"), &json!(false)));
    assert_eq!(
        report(&["--subject", "nobody"]).lines().nth(2),
        Some("Nothing was measured, or no day of it is over yet.")
    );
    let (code, _, wrong) = run(folder.path(), &["slo", "report", "--url", &suite.pulse, "--month", "January"]);
    assert_eq!((code, &*wrong), (1, "iskra: `January` is not a month like 2026-01\n"));
}
