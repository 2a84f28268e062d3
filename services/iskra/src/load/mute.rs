//! The subjects of a load fall silent when it ends, and Iskra tells people of silence: here nobody should be woken by it.

use std::pin::pin;
use std::time::{Duration, SystemTime};

use domain::{Silence, Timestamp};
use futures_util::{StreamExt as _, stream};
use load::Plan;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::LoadArguments;
use crate::ask::{Asker, Body};
use crate::say;

const PATH: &str = "/api/v1/silences";
/// The rule that says that no samples come.
const RULE: &str = "stale";
/// The longest silence that there is.
const LASTS: Duration = Duration::from_hours(7 * 24);
/// One that is there already and lasts so long is enough.
const ENOUGH: Duration = Duration::from_hours(24);
/// Subjects that are muted at once.
const SIDE_BY_SIDE: usize = 16;

#[derive(Deserialize)]
struct Silences {
    silences: Vec<Silence>,
}

/// Mutes the rule for each of the subjects that may have got a sample, where samples were sent for so long. Tells whether
/// that worked: without it the load is as good. Ctrl-C ends it.
pub(super) async fn mute(arguments: &LoadArguments, lasted: Duration) {
    let asker = match Asker::new(&arguments.url) {
        Ok(asker) => asker,
        Err(error) => return say::note(&format!("the subjects were not muted: {error:#}")),
    };
    let plan = Plan::from(arguments);
    let subjects = plan.samples(lasted.min(plan.warm_up + plan.length)).min(plan.subjects);
    let one = |number| mute_one(&asker, format!("{}-{number}", plan.prefix));
    let mut answers = stream::iter(1..=subjects).map(one).buffer_unordered(SIDE_BY_SIDE);
    let mut stopped = pin!(tokio::signal::ctrl_c());
    let (mut muted, mut problem) = (0, None);
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => {
                problem = Some(anyhow::anyhow!("stopped"));
                break;
            }
            answer = answers.next() => match answer {
                Some(Ok(())) => muted += 1,
                Some(Err(error)) => problem = problem.or(Some(error)),
                None => break,
            },
        }
    }
    if let Some(problem) = problem {
        say::note(&format!(
            "{} of {subjects} subjects were not muted: in a minute people are told that they are stale: {problem:#}",
            subjects - muted
        ));
    }
}

async fn mute_one(asker: &Asker, subject: String) -> anyhow::Result<()> {
    let query = [("subject", subject.clone())];
    let Silences { silences } = asker.send(Method::GET, PATH, &query, Body::Nothing).await?;
    let enough = Timestamp::from(SystemTime::now()).plus(ENOUGH);
    if silences.iter().any(|silence| silence.rule.as_deref() == Some(RULE) && silence.until > enough) {
        return Ok(());
    }
    let note = "the subject of a load, which is over";
    let body = json!({"subject": subject, "rule": RULE, "for": LASTS.as_secs(), "by": "iskra load", "note": note});
    asker.send::<Value>(Method::POST, PATH, &[], Body::Json(&body)).await.map(drop)
}
