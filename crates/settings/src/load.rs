use std::path::Path;

use config::{Config, ConfigError};

use crate::describe::InForce;
use crate::layers::{self, Written, conform};
use crate::{Error, Layer, Problem, Settings};

/// The name of the settings file within the configuration folder.
const FILE: &str = "iskra.yml";

/// The variables of the process, but for those that are not text: they cannot be ours.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

impl Settings {
    /// Reads all layers: the defaults, `iskra.yml` in `config_dir` (where there is one), `environment`, `overrides`.
    pub fn load(
        config_dir: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        overrides: &[(String, String)],
    ) -> Result<Self, Error> {
        let mut written = match config_dir {
            Some(folder) => from_folder(folder)?,
            None => Vec::new(),
        };
        let mut unread = Vec::new();
        for variable in layers::environment(environment) {
            match variable {
                Ok(variable) => written.push(variable),
                Err(problem) => unread.push(problem),
            }
        }
        written.extend(layers::flags(overrides));

        let in_force = merge(written, unread).map_err(Error::Wrong)?;
        let mut settings = deserialize(&in_force).map_err(|problem| Error::Wrong(vec![problem]))?;
        settings.in_force = in_force.iter().map(InForce::from).collect();
        let problems = settings.problems(&in_force);
        match problems.is_empty() {
            true => Ok(settings),
            false => Err(Error::Wrong(problems)),
        }
    }
}

fn from_folder(folder: &Path) -> Result<Vec<Written>, Error> {
    // A folder that was named and is missing is a slip; one without our file holds others.
    if !folder.is_dir() {
        return Err(Error::NoFolder { path: folder.to_owned() });
    }
    match folder.join(FILE) {
        path if path.exists() => layers::file(&path),
        _ => Ok(Vec::new()),
    }
}

/// Puts later values over earlier ones. The defaults hold every key: what they lack is unknown.
fn merge(written: Vec<Written>, mut problems: Vec<Problem>) -> Result<Vec<Written>, Vec<Problem>> {
    let mut in_force = layers::defaults();
    for mut written in written {
        let Some(place) = in_force.iter().position(|known| known.key == written.key) else {
            problems.push(Problem::new(&written, unknown(&written.key, &in_force)));
            continue;
        };
        // Of two variables for one key none is later.
        if let (Layer::Environment(other), Layer::SecretFile { .. }) = (&in_force[place].layer, &written.layer) {
            problems.push(Problem::new(&written, format!("is set by {other} too: which one is meant?")));
            continue;
        }
        match conform(&written, &in_force[place].value) {
            Ok(value) => {
                written.value = value;
                in_force[place] = written;
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(in_force) } else { Err(problems) }
}

fn unknown(key: &str, known: &[Written]) -> String {
    let names = || known.iter().map(|written| written.key.as_str());
    let section: Vec<_> = names().filter(|name| name.starts_with(&format!("{key}."))).collect();
    if !section.is_empty() {
        return format!("is a section, not a value: it holds {}", section.join(", "));
    }
    match yaml_file::most_similar(key, names()) {
        Some(similar) => format!("is not known: did you mean `{similar}`?"),
        None => "is not known: docs/configuration.md lists all keys".to_owned(),
    }
}

fn deserialize(in_force: &[Written]) -> Result<Settings, Problem> {
    let mut builder = Config::builder();
    for written in in_force {
        builder = builder
            .set_override(&written.key, config::Value::new(None, written.value.clone()))
            .map_err(|error| Problem::new(written, error.to_string()))?;
    }
    builder.build().and_then(Config::try_deserialize).map_err(|error| {
        let (key, reason) = told(error);
        // `alertmanager.urls[0]` was written under `alertmanager.urls`.
        let name = key.split('[').next().unwrap_or_default();
        let written = in_force.iter().find(|written| written.key == name);
        let written = written.expect("the defaults hold every key that the settings have: a test loads them");
        Problem::value(written, &allowed(name).map_or(reason, |allowed| format!("expected {allowed}")))
    })
}

/// What a value may be, where the parser of its type does not say it well.
fn allowed(key: &str) -> Option<&'static str> {
    match key {
        "bind" => Some("an IP address, e.g. 127.0.0.1 or ::"),
        "public_url" | "alertmanager.urls" | "sockets.origins" => Some("addresses, e.g. https://iskra.example.com"),
        "access.mode" => Some("open, locked or open-to-network"),
        "access.proxies" => Some("addresses or networks, e.g. 10.0.0.7 or 10.0.0.0/8"),
        "access.requests_per_second" => Some("a whole number from 1 on"),
        "alertmanager.runbooks" => Some("an address, e.g. https://example.com/runbooks, or nothing"),
        "alertmanager.language" => Some("en or ru"),
        "log.format" => Some("text or json"),
        "storage.partitions" | "storage.queue" => Some("a whole number from 1 on"),
        key if key.starts_with("ports.") => Some("a port, 0 to 65535"),
        key if key.starts_with("ingest.max_") || key.starts_with("sockets.") => Some("a whole number from 1 on"),
        _ => None,
    }
}

/// The key and the reason of an error, without its origin, which we know better.
fn told(error: ConfigError) -> (String, String) {
    match error {
        ConfigError::Type { expected, key, .. } => (key.unwrap_or_default(), format!("expected {expected}")),
        ConfigError::At { error, key, .. } => (key.unwrap_or_default(), told(*error).1),
        ConfigError::NotFound(key) => (key, "is missing".to_owned()),
        other => (String::new(), other.to_string()),
    }
}
