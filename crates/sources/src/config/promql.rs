use std::ops::RangeInclusive;
use std::time::Duration;

use domain::Subject;
use serde::Deserialize;
use url::Url;
use yaml_file::{Findings, Located, Scalar, is_variable, present};

use super::PointsFile;
use super::metrics::meaning;
use crate::promql::About;
use crate::{Credentials, Promql, Query, fold};

/// Most sources: each is a task of its own.
const MOST_SOURCES: usize = 32;
/// Most queries of one: the vitals, and as many signals as a sample carries.
const MOST_QUERIES: usize = 4 + domain::limits::SIGNALS;
/// How often a server may be asked.
const EVERY: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(3_600);
/// Most characters of a name.
const MOST_NAME: usize = 32;

/// A server that is asked by PromQL.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PromqlFile {
    name: Scalar<String>,
    url: Scalar<String>,
    every: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    token: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    user: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    password: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    subject: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    about: Option<Scalar<String>>,
    queries: Located<Vec<QueryFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueryFile {
    query: Scalar<String>,
    #[serde(default, deserialize_with = "present")]
    vital: Option<Located<String>>,
    #[serde(default, deserialize_with = "present")]
    signal: Option<Located<String>>,
    #[serde(default, deserialize_with = "present")]
    points: Option<PointsFile>,
}

/// All of them; what is wrong is left out and told.
pub(super) fn sources(files: &[PromqlFile], findings: &mut Findings) -> Vec<Promql> {
    if let Some(beyond) = files.get(MOST_SOURCES) {
        let message = format!("{} sources: at most {MOST_SOURCES} are allowed", files.len());
        findings.add(beyond.name.place, message);
    }
    let mut sources: Vec<Promql> = Vec::new();
    for (index, file) in (0..).zip(files) {
        let Some(source) = file.source(Duration::from_millis(index), findings) else { continue };
        if sources.iter().any(|other| other.name == source.name) {
            let hint = "logs and metrics tell sources apart by their names";
            findings.add_with_hint(file.name.place, format!("another source is called `{}`", source.name), hint);
        }
        sources.push(source);
    }
    sources
}

impl PromqlFile {
    fn source(&self, offset: Duration, findings: &mut Findings) -> Option<Promql> {
        let name = self.name(findings);
        let url = self.url(findings);
        let every = self.every.read(findings);
        if every.is_some_and(|every| !EVERY.contains(&every)) {
            findings.add(self.every.place, "a server is asked every 1s to 1h");
        }
        let credentials = self.credentials(findings);
        let about = self.about(findings);
        let queries = self.queries(findings);
        Some(Promql { name: name?, url: url?, every: every?, offset, credentials, queries, about: about? })
    }

    fn name(&self, findings: &mut Findings) -> Option<String> {
        let name = self.name.read(findings)?;
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if name.len() > MOST_NAME || !name.chars().all(is_allowed) {
            let message = format!("a source has a name of at most {MOST_NAME} of a-z, 0-9, - and _");
            findings.add(self.name.place, message);
        }
        Some(name)
    }

    /// With a `/` at its end, so that paths go behind it.
    fn url(&self, findings: &mut Findings) -> Option<Url> {
        let written = self.url.read(findings)?;
        let problem = match Url::parse(&format!("{}/", written.trim_end_matches('/'))) {
            Ok(url) if !url.username().is_empty() || url.password().is_some() => "an address with a password in it",
            Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => "no address of a web server",
            Ok(url) if url.query().is_some() || url.fragment().is_some() => "an address with `?` or `#` in it",
            Ok(url) => return Some(url),
            Err(_) => "no address",
        };
        let hint = "like https://prometheus.example.com, before /api/v1/query; passwords go into `token` or `password`";
        findings.add_secret(self.url.place, format!("this is {problem}"), hint);
        None
    }

    fn credentials(&self, findings: &mut Findings) -> Option<Credentials> {
        for variable in [&self.token, &self.password].into_iter().flatten() {
            if variable.read(findings).is_some_and(|name| !is_variable(&name)) {
                let hint = "not the secret itself but the variable that holds it, like PROMETHEUS_TOKEN";
                findings.add_secret(variable.place, "this is no name of an environment variable", hint);
            }
        }
        match (&self.token, &self.user, &self.password) {
            (None, None, None) => None,
            (Some(token), None, None) => Some(Credentials::Token(token.read(findings)?)),
            (None, Some(user), Some(password)) => {
                Some(Credentials::Basic { user: user.read(findings)?, password: password.read(findings)? })
            }
            _ => {
                let hint = "either `token`, or both `user` and `password`";
                findings.add_with_hint(self.name.place, "what does the server want to see?", hint);
                None
            }
        }
    }

    fn about(&self, findings: &mut Findings) -> Option<About> {
        match (&self.subject, &self.about) {
            (Some(label), None) => Some(About::Label(fold(&label.read(findings)?))),
            (None, Some(subject)) => {
                let name = subject.read(findings)?;
                if let Err(error) = Subject::new(&name) {
                    findings.add(subject.place, error.to_string());
                }
                Some(About::Subject(name))
            }
            _ => {
                let hint = "say either `subject`, the label that names it, or `about`, the subject itself";
                findings.add_with_hint(self.name.place, "whom is it about?", hint);
                None
            }
        }
    }

    fn queries(&self, findings: &mut Findings) -> Vec<Query> {
        let Located { value: files, place } = &self.queries;
        if files.len() > MOST_QUERIES {
            findings.add(*place, format!("{} queries: at most {MOST_QUERIES} are allowed", files.len()));
        }
        if files.iter().all(|file| file.vital.is_none()) {
            let hint = "a sample needs at least one vital: signals alone say nothing";
            findings.add_with_hint(*place, "no query gives a vital", hint);
        }
        let mut queries: Vec<Query> = Vec::new();
        for file in files {
            let text = file.query.read(findings);
            let meaning =
                meaning(file.vital.as_ref(), file.signal.as_ref(), file.points.as_ref(), file.query.place, findings);
            let (Some(text), Some((target, calibration))) = (text, meaning) else { continue };
            if queries.iter().any(|other| other.target == target) {
                let hint = "which of them is meant? PromQL can combine several: max(a or b)";
                let message = format!("another query of this source gives {}", target.field());
                findings.add_with_hint(file.query.place, message, hint);
            }
            queries.push(Query { text, target, calibration });
        }
        queries
    }
}
