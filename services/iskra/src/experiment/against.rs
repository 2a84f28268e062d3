//! In real time, on a running suite: Pulse runs it, and this shows how it goes.

use std::time::Duration;

use anyhow::Context as _;
use domain::{Artifact, Experiment, Language};
use experiments::Progress;
use indicatif::ProgressBar;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use url::Url;
use yaml_file::Source;

use super::outcome::Outcome;
use super::simulated;
use crate::ask::{Asker, Body};
use crate::say;

const PATH: &str = "/api/v1/experiments";
/// How often it is asked how it goes.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What one that is over still does before its report is there: it lets its subject recover, ten minutes at the most.
const REPORT_WITHIN: Duration = Duration::from_mins(11);
/// So long what was stopped is waited for.
const STOPPED_WITHIN: Duration = Duration::from_secs(30);

/// What is to be run.
pub(super) enum Wanted<'a> {
    /// One that the suite knows.
    Named(&'static str),
    /// The text of a file.
    File(&'a Source),
}

#[derive(Deserialize)]
struct One {
    experiment: Experiment,
}

/// How it goes, and what came of it: known to the Pulse that runs it alone.
#[derive(Default, Deserialize)]
struct Sight {
    progress: Option<Progress>,
    report: Option<Value>,
}

#[derive(Deserialize)]
struct OneRun {
    run: Sight,
}

#[derive(Deserialize)]
struct Artifacts {
    artifacts: Vec<Artifact>,
}

/// Runs it to its end.
pub(super) fn run(url: &Url, wanted: &Wanted<'_>, by: &str, language: Language) -> anyhow::Result<Outcome> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let asker = Asker::new(url)?;
        let stopped = assembly::shutdown_signal()?;
        let One { experiment, .. } = begin(&asker, wanted, by).await?;
        let followed = Follower { asker, id: experiment.id.clone(), by: by.to_owned() };
        followed.follow(&experiment, &stopped, language).await
    })
}

/// Ends one.
pub(super) fn stop(url: &Url, id: &str, by: &str, note: &str) -> anyhow::Result<Experiment> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async { ask_to_stop(&Asker::new(url)?, id, by, note).await })
}

async fn begin(asker: &Asker, wanted: &Wanted<'_>, by: &str) -> anyhow::Result<One> {
    let query = [("by", by.to_owned())];
    match wanted {
        Wanted::Named(name) => asker.send(Method::POST, PATH, &query, Body::Json(&json!({ "name": name }))).await,
        Wanted::File(source) => asker.send(Method::POST, PATH, &query, Body::Yaml(source.text())).await,
    }
}

async fn ask_to_stop(asker: &Asker, id: &str, by: &str, note: &str) -> anyhow::Result<Experiment> {
    let body = json!({ "by": by, "note": note });
    let One { experiment, .. } = asker.send(Method::POST, &format!("{PATH}/{id}/stop"), &[], Body::Json(&body)).await?;
    Ok(experiment)
}

/// Somebody who looks how an experiment goes.
struct Follower {
    asker: Asker,
    id: String,
    by: String,
}

impl Follower {
    /// Shows how it goes until its report is there, and stops it when `stopped` says so.
    async fn follow(
        &self,
        begun: &Experiment,
        stopped: &CancellationToken,
        language: Language,
    ) -> anyhow::Result<Outcome> {
        let bar = simulated::progress(begun.until.since(begun.from));
        let (mut ticks, mut deadline, mut is_stopped) = (interval(LOOK_EVERY), None, false);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stopped.cancelled(), if !is_stopped => {
                    is_stopped = true;
                    deadline = Some(Instant::now() + STOPPED_WITHIN);
                    self.stop(&bar).await;
                }
                _ = ticks.tick() => {}
            }
            let (one, sight) = (self.look().await?, self.sight().await);
            if let Some(now) = &sight.progress {
                simulated::show(&bar, now);
            }
            if one.experiment.ended.is_none() {
                anyhow::ensure!(deadline.is_none_or(|by| Instant::now() < by), "{} has not stopped", self.id);
                continue;
            }
            let by = *deadline.get_or_insert_with(|| Instant::now() + REPORT_WITHIN);
            if let Some(outcome) = self.outcome(&one, sight.report, language).await? {
                bar.finish_and_clear();
                return Ok(outcome);
            }
            anyhow::ensure!(Instant::now() < by, "{} is over, and its report did not come", self.id);
        }
    }

    async fn look(&self) -> anyhow::Result<One> {
        let path = format!("{PATH}/{}", self.id);
        let looked = self.asker.send(Method::GET, &path, &[], Body::Nothing).await;
        looked.with_context(|| format!("{} is lost from sight; the suite goes on with it", self.id))
    }

    /// Another Pulse than the one that runs it knows nothing of it.
    async fn sight(&self) -> Sight {
        let path = format!("{PATH}/{}/run", self.id);
        let known: anyhow::Result<OneRun> = self.asker.send(Method::GET, &path, &[], Body::Nothing).await;
        known.map_or_else(|_| Sight::default(), |one| one.run)
    }

    /// That it could not be asked is told; the suite ends what nobody stops in time by itself.
    async fn stop(&self, bar: &ProgressBar) {
        if let Err(error) = ask_to_stop(&self.asker, &self.id, &self.by, "Ctrl-C").await {
            bar.suspend(|| say::error(&format!("it could not be stopped: {error:#}")));
        }
    }

    /// What came of one that is over, as soon as that is known.
    async fn outcome(&self, one: &One, report: Option<Value>, language: Language) -> anyhow::Result<Option<Outcome>> {
        let query = [("experiment", self.id.clone())];
        let Artifacts { artifacts } = self.asker.send(Method::GET, "/api/v1/artifacts", &query, Body::Nothing).await?;
        // Alerts that fired meanwhile have their own.
        let Some(artifact) = artifacts.into_iter().find(|artifact| artifact.about.alert.is_none()) else {
            return Ok(None);
        };
        let name = one.experiment.name.clone();
        let report = report.unwrap_or_else(|| json!({ "experiment": one.experiment, "artifact": artifact }));
        let markdown = match language {
            Language::En => report["markdown"]["en"].as_str(),
            Language::Ru => report["markdown"]["ru"].as_str(),
        };
        let markdown = markdown.map_or_else(|| told(&one.experiment, &artifact, language), str::to_owned);
        // The runner says so where all that had to be seen was.
        let passed = artifact.record["lambda"]["status"] == "OK";
        Ok(Some(Outcome { name, passed, markdown, json: report, record: Some(artifact.record) }))
    }
}

/// The short of it, where the suite keeps no report: how it ended, and what was measured.
fn told(experiment: &Experiment, artifact: &Artifact, language: Language) -> String {
    let mut text = format!("# {}\n\n", experiment.name);
    if let Some(end) = &experiment.ended {
        text.push_str(&format!("**{}**: {}\n\n", end.outcome.name(), end.reason.get(language)));
    }
    let facts = artifact.record["sift"]["fact"].as_array().into_iter().flatten().filter_map(Value::as_str);
    facts.for_each(|fact| text.push_str(&format!("- {fact}\n")));
    text
}

#[cfg(test)]
mod tests;
