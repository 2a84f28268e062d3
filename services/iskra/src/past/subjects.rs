use anyhow::Context as _;
use domain::Subject;
use durable_log::Log;

/// Those that were named, or all that the log knows. A name that it does not know is a mistake.
pub(crate) async fn subjects(named: &[Subject], log: &dyn Log) -> anyhow::Result<Vec<Subject>> {
    let known = log.snapshot().await.context("reading the subjects")?.subjects.into_iter().map(|now| now.subject);
    let known: Vec<_> = known.collect();
    if let Some(unknown) = named.iter().find(|subject| !known.contains(subject)) {
        anyhow::bail!("the log knows no subject `{unknown}`");
    }
    Ok(known.into_iter().filter(|subject| named.is_empty() || named.contains(subject)).collect())
}
