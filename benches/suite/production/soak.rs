//! A long steady load while one part after the other is killed: what memory, latency and the disk do over time, and that
//! nothing is lost, nothing comes twice, and nobody is paged too often or not at all.

mod death;
mod hurts;
mod record;

use std::time::Duration;

use anyhow::Context as _;
use load::{Outcome, Plan, Target};
use sqlx::PgConnection;
use test_support::{Alertmanager, WebhookReceiver};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use self::death::Part;
use self::hurts::Hurts;
use self::record::{Disk, Record};
use super::Production;
use super::servers::Servers;
use crate::Bench;
use crate::report::{Report, quantiles, say};

const RATE: u64 = 10_000;
/// Samples in one request.
const BATCH: u64 = 100;
const SUBJECTS: u64 = 1_000;
const VIEWERS: usize = 500;
/// Subjects that each viewer looks at: pages show a few, and all viewers together get fifty thousand samples a second.
const LOOK_AT: u64 = 10;
/// Viewers who know each sample.
const WATCHERS: usize = 30;
/// A line of the record for each.
const WINDOW: Duration = Duration::from_secs(10);
/// What takes longer is told as unknown: longer than any part is away.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two deaths, where there is time; a shorter soak has as many as a long one.
const BETWEEN: Duration = Duration::from_mins(10);
const DEATHS: u32 = 12;
/// Windows that may wait to be written: a database that is away holds them up.
const WAITING: usize = 64;
/// What each sample takes on the disk, with indexes and summaries, and some to spare.
const SAMPLE_BYTES: u64 = 240;
/// What the servers take besides, and what others on this machine should find left.
const OTHER_BYTES: u64 = 2 << 30;
/// How long the engine may take to judge what is left.
const JUDGED: Duration = Duration::from_mins(2);

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let length = Duration::from_secs(60) * bench.soak_minutes;
    has_room(length)?;
    let webhook = WebhookReceiver::start().await?;
    let alertmanager = Alertmanager::start(webhook.url()).await?;
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let mut production = Production::start(bench, 1, &[&urls]).await?;
    let mut hurts = Hurts::new(production.pulse.address, webhook);
    let mut record = Record::create(bench, &production).await?;
    let before = Disk::of(&production.servers).await?;
    let (deaths, outcome) = live(&mut production, length, &mut hurts, &mut record).await?;
    say("the load is over; it is counted what became of it")?;
    hurts.heal().await?;
    let pages = hurts.are_told_once().await;
    let judged = is_judged(&production.servers).await;
    let stored = is_stored(&production.servers, &outcome).await;
    tell(report, length, &deaths, &outcome, &record)?;
    let after = Disk::of(&production.servers).await?;
    let bytes = after.database.saturating_sub(before.database) as f64 / outcome.counts.acknowledged.max(1) as f64;
    let journal = after.journal / (1024 * 1024);
    report
        .note("— on the disk for each sample, with indexes", format!("{bytes:.0} bytes; the journal: {journal} MiB"))?;
    report.note("— the record", record.path().display().to_string())?;
    let mut failed = Vec::new();
    for (what, verdict) in [
        ("every acknowledged sample is stored once", stored),
        ("all of it is judged", judged),
        ("pages: one for each step of each alert, and one for its end", pages),
        ("viewers: no chain is broken, nothing came twice", is_seen(&outcome)),
    ] {
        failed.extend(verdict.is_err().then_some(what));
        report.note(&format!("— {what}"), verdict.unwrap_or_else(|error| format!("NO: {error:#}")))?;
    }
    anyhow::ensure!(failed.is_empty(), "not so: {}", failed.join("; "));
    Ok(())
}

/// A disk that is full in the second hour is better told of before the first.
fn has_room(length: Duration) -> anyhow::Result<()> {
    let needed = length.as_secs() * RATE * SAMPLE_BYTES + OTHER_BYTES;
    let folder = std::env::temp_dir();
    let disk = rustix::fs::statvfs(&folder)?;
    let free = disk.f_bavail * disk.f_frsize;
    let gb = |bytes: u64| bytes as f64 / 1e9;
    anyhow::ensure!(
        free >= needed,
        "the samples of {} min need {:.1} GB in {}, {:.1} are free: TMPDIR names another folder",
        length.as_secs() / 60,
        gb(needed),
        folder.display(),
        gb(free)
    );
    Ok(())
}

/// Makes the load and the deaths; answers what died how often.
async fn live(
    production: &mut Production,
    length: Duration,
    hurts: &mut Hurts,
    record: &mut Record,
) -> anyhow::Result<(Vec<Part>, Outcome)> {
    let (tell, mut told) = mpsc::channel(WAITING);
    let target = target(production)?;
    let load = tokio::spawn(load::run(target, plan(length), move |window: &load::Window| {
        // What cannot be written is missing in the record, and in nothing else.
        drop(tell.try_send(window.clone()));
    }));
    let between = BETWEEN.min(length / DEATHS);
    let mut next = Instant::now() + between / 2;
    let end = Instant::now() + length;
    let (mut deaths, mut parts) = (Vec::new(), Part::ALL.into_iter().cycle());
    loop {
        tokio::select! {
            window = told.recv() => match window {
                Some(window) => record.write(production, &window).await?,
                None => break,
            },
            () = sleep_until(next), if next < end => {
                let part = parts.next().expect("they come again and again");
                hurts.heal().await?;
                hurts.hurt(part.name()).await?;
                say(&format!("{} dies", part.name()))?;
                part.die(production).await.with_context(|| part.name())?;
                record.note(part.name());
                deaths.push(part);
                next += between;
            }
        }
    }
    let outcome = load.await?.map_err(|error| anyhow::anyhow!("{error}: the load has failed"))?;
    Ok((deaths, outcome))
}

fn plan(length: Duration) -> Plan {
    Plan {
        viewers: VIEWERS,
        watchers: WATCHERS,
        look_at: Some(LOOK_AT),
        rate: RATE,
        subjects: SUBJECTS,
        prefix: "load".to_owned(),
        batch: BATCH,
        connections: 48,
        warm_up: Duration::ZERO,
        length,
        patience: PATIENCE,
        every: WINDOW,
    }
}

/// Viewers look at all three dashboards, in turn.
fn target(production: &Production) -> anyhow::Result<Target> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = || reqwest::Client::builder().http1_only().build();
    let stream = |service: &super::Service| format!("http://{}/ws", service.address).parse();
    let services = [&production.pulse, &production.seams, &production.voices];
    Ok(Target {
        client: client()?,
        sockets: client()?,
        door: format!("http://{}{}", production.pulse.address, crate::samples::PATH).parse()?,
        streams: services.into_iter().map(stream).collect::<Result<_, _>>()?,
    })
}

/// The table has one row for a subject and a time; so what is counted is there once.
async fn is_stored(servers: &Servers, outcome: &Outcome) -> anyhow::Result<String> {
    let counts = "SELECT name, count(*) FROM samples JOIN subjects ON subjects.id = subject_id
        WHERE name LIKE 'load-%' GROUP BY name";
    let rows: Vec<(String, i64)> = sqlx::query_as(counts).fetch_all(&mut servers.connect().await?).await?;
    let stored: std::collections::HashMap<_, _> = rows.into_iter().collect();
    let of = |number: usize| stored.get(&format!("load-{number}")).map_or(0, |count| count.cast_unsigned());
    let mut all = 0;
    for (index, &acknowledged) in outcome.of_subject.iter().enumerate() {
        let stored = of(index + 1);
        all += stored;
        let most = acknowledged + outcome.counts.unknown;
        anyhow::ensure!(
            (acknowledged..=most).contains(&stored),
            "load-{}: {acknowledged} are acknowledged, {stored} are stored",
            index + 1
        );
    }
    Ok(format!("{} acknowledged, {all} stored, {} unknown", outcome.counts.acknowledged, outcome.counts.unknown))
}

async fn is_judged(servers: &Servers) -> anyhow::Result<String> {
    let mut connection = servers.connect().await?;
    let start = Instant::now();
    loop {
        let left = unjudged(&mut connection).await?;
        if left == 0 {
            return Ok(format!("{:.1} s after the end", start.elapsed().as_secs_f64()));
        }
        anyhow::ensure!(start.elapsed() < JUDGED, "{left} entries are not judged after {JUDGED:?}");
        tokio::time::sleep(super::POLL).await;
    }
}

/// Entries that the engine has not come to.
async fn unjudged(connection: &mut PgConnection) -> anyhow::Result<i64> {
    let left = "SELECT coalesce(sum(seq - engine_through), 0)::bigint FROM heads";
    Ok(sqlx::query_scalar(left).fetch_one(connection).await?)
}

fn is_seen(outcome: &Outcome) -> anyhow::Result<String> {
    let missing = &outcome.missing;
    // Who came back too late to resume got a picture instead, and was told so: that is no gap.
    let (short, samples) = missing.short;
    let is_good = missing.broken_chains + missing.over.0 + missing.absent + missing.blind == 0
        && missing.unseen + missing.twice == 0
        && short == missing.anew;
    anyhow::ensure!(is_good, "{missing:?}");
    let (seen, lost, anew) = (outcome.counts.delivered, outcome.counts.lost, outcome.counts.anew);
    Ok(format!(
        "{seen} samples seen; {lost} connections lost and resumed but for {anew}, which began with a new picture: {samples} \
        samples passed {short} viewers by so"
    ))
}

fn tell(
    report: &mut Report,
    length: Duration,
    deaths: &[Part],
    outcome: &Outcome,
    record: &Record,
) -> anyhow::Result<()> {
    let counts = &outcome.counts;
    let rate = outcome.reached as f64 / outcome.lasted.as_secs_f64();
    let minutes = length.as_secs() / 60;
    report.note(
        &format!("soak: {minutes} min, {RATE}/s by {BATCH}, {VIEWERS} viewers of {LOOK_AT} of {SUBJECTS} subjects"),
        format!("{rate:.0}/s acknowledged, {} killed", deaths.len()),
    )?;
    report.note("— sample due → acknowledged, all deaths included", quantiles(&outcome.acknowledged))?;
    report.note("— sample due → seen", quantiles(&outcome.seen))?;
    let [ack, seen] = record.middle();
    report.note("— p99 of the middle window: acknowledged, seen", format!("{ack:.1} ms, {seen:.1} ms"))?;
    report.note(
        "— requests that were sent again",
        format!("{} told to come back later, {} broken", counts.busy, counts.broken),
    )?;
    report.note("— frames merged for viewers who lagged", format!("{}, {} samples", counts.lagged, counts.merged))?;
    for (name, [first, last, most]) in record.memory() {
        report.note(
            &format!("— memory of {name}"),
            format!("{first} MiB at first, {last} MiB at last, {most} MiB at most"),
        )?;
    }
    let (cpu, wall) = outcome.cpu;
    let cores = cpu.as_secs_f64() / wall.as_secs_f64();
    report.note("— CPU of the load and its viewers themselves", format!("{cores:.2} cores"))
}
