use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use config::{FileFormat, FileSourceString, Source, Value, ValueKind};

use crate::{Error, Problem};

/// The defaults, which are also the documentation of the file.
pub(crate) const DEFAULTS: &str = include_str!("../../../config/iskra.yml");
/// What the variables of the settings begin with.
const PREFIX: &str = "ISKRA__";
/// What the name of a variable ends with that names a file.
pub(crate) const FILE_SUFFIX: &str = "_FILE";
/// More than any value has: somebody may name a device.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// Where a value was written. Later layers win.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Built in.
    Default,
    /// The settings file.
    File {
        /// Which.
        path: PathBuf,
        /// The line of the key, where it could be found.
        line: Option<usize>,
    },
    /// This environment variable.
    Environment(String),
    /// The file that this environment variable names.
    SecretFile {
        /// Which variable; it ends in `_FILE`.
        variable: String,
        /// Which file.
        path: PathBuf,
    },
    /// A flag of the command line, for this key.
    Flag(String),
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: Some(line) } => write!(f, "{}:{line}", path.display()),
            Self::File { path, line: None } => write!(f, "{}", path.display()),
            Self::Environment(variable) => f.write_str(variable),
            Self::SecretFile { variable, path } => write!(f, "{variable}={}", path.display()),
            Self::Flag(key) => write!(f, "flag {key}"),
        }
    }
}

/// One value as it was written, under its path, e.g. `ports.pulse`.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) key: String,
    pub(crate) value: ValueKind,
    pub(crate) layer: Layer,
}

/// The built-in defaults: every key there is, in the order of the file.
pub(crate) fn defaults() -> Vec<Written> {
    let root = parse(DEFAULTS).expect("the built-in file is YAML: a test reads it");
    leaves(root, DEFAULTS, &|_| Layer::Default)
}

/// The values of the file at `path`.
pub(crate) fn file(path: &Path) -> Result<Vec<Written>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let root = parse(&text).map_err(|source| Error::Syntax { path: path.to_owned(), source })?;
    Ok(leaves(root, &text, &|line| Layer::File { path: path.to_owned(), line }))
}

/// The values of the variables that begin with `ISKRA__`; others are not ours. One that ends in `_FILE` names a file with
/// the value in it: so secrets need not stand in the environment.
pub(crate) fn environment(variables: impl IntoIterator<Item = (String, String)>) -> Vec<Result<Written, Problem>> {
    let ours = variables.into_iter().filter_map(|(variable, value)| {
        let key = variable.strip_prefix(PREFIX)?;
        let path_of = |key: &str| key.to_lowercase().replace("__", ".");
        Some(match key.strip_suffix(FILE_SUFFIX) {
            Some(key) => from_secret_file(path_of(key), &variable, value.into()),
            None => {
                let layer = Layer::Environment(variable.clone());
                Ok(Written { key: path_of(key), value: ValueKind::String(value), layer })
            }
        })
    });
    let mut ours: Vec<_> = ours.collect();
    // The order of variables is an accident; complaints should not depend on it.
    let order = |written: &Result<Written, Problem>| match written {
        Ok(Written { key, layer, .. }) | Err(Problem { key, layer, .. }) => (key.clone(), layer.clone()),
    };
    ours.sort_by_key(order);
    ours
}

fn from_secret_file(key: String, variable: &str, path: PathBuf) -> Result<Written, Problem> {
    let mut text = String::new();
    let read = File::open(&path).and_then(|file| file.take(MAX_SECRET_BYTES).read_to_string(&mut text));
    let layer = Layer::SecretFile { variable: variable.to_owned(), path };
    match read {
        // Editors and `echo` end a file with a new line; no value does.
        Ok(_) => Ok(Written { key, value: ValueKind::String(text.trim_end_matches(['\r', '\n']).to_owned()), layer }),
        Err(error) => Err(Problem { key, layer, reason: format!("cannot be read from its file: {error}") }),
    }
}

/// The values of the flags, `ports.pulse=3101` being one.
pub(crate) fn flags(overrides: &[(String, String)]) -> Vec<Written> {
    let written = |(key, value): &(String, String)| Written {
        key: key.clone(),
        value: ValueKind::String(value.clone()),
        layer: Layer::Flag(key.clone()),
    };
    overrides.iter().map(written).collect()
}

/// Gives `written` the kind that `default` has, or says why it has another one. Variables and flags are always texts.
pub(crate) fn conform(written: &Written, default: &ValueKind) -> Result<ValueKind, Problem> {
    let is_text_layer = matches!(written.layer, Layer::Environment(_) | Layer::SecretFile { .. } | Layer::Flag(_));
    match (default, &written.value) {
        (ValueKind::String(_), ValueKind::String(text)) => Ok(ValueKind::String(text.clone())),
        (ValueKind::I64(_), ValueKind::I64(number)) => Ok(ValueKind::I64(*number)),
        (ValueKind::Boolean(_), ValueKind::Boolean(flag)) => Ok(ValueKind::Boolean(*flag)),
        (ValueKind::Array(_), ValueKind::Array(items)) => Ok(ValueKind::Array(items.clone())),
        (ValueKind::I64(_), ValueKind::String(text)) if is_text_layer => {
            text.trim().parse().map(ValueKind::I64).map_err(|_| Problem::kind(written, default))
        }
        (ValueKind::Boolean(_), ValueKind::String(text)) if is_text_layer => {
            text.trim().parse().map(ValueKind::Boolean).map_err(|_| Problem::kind(written, default))
        }
        (ValueKind::Array(_), ValueKind::String(text)) if is_text_layer => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(ValueKind::Array(items.map(|item| Value::new(None, item)).collect()))
        }
        _ => Err(Problem::kind(written, default)),
    }
}

fn parse(text: &str) -> Result<ValueKind, config::ConfigError> {
    let file: config::File<FileSourceString, FileFormat> = config::File::from_str(text, FileFormat::Yaml);
    Ok(ValueKind::Table(file.collect()?))
}

/// All values below `root` with their paths, in the order of `text`. A section without anything in it says nothing.
fn leaves(root: ValueKind, text: &str, layer: &dyn Fn(Option<usize>) -> Layer) -> Vec<Written> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), root)];
    while let Some((path, value)) = open.pop() {
        match value {
            ValueKind::Table(table) => open.extend(table.into_iter().map(|(name, value)| {
                let key = if path.is_empty() { name } else { format!("{path}.{name}") };
                (key, value.kind)
            })),
            ValueKind::Nil => {}
            value => found.push((line_of(text, &path), path, value)),
        }
    }
    // The parser forgets the order.
    found.sort_by(|(line, key, _), (other_line, other_key, _)| (line, key).cmp(&(other_line, other_key)));
    found.into_iter().map(|(line, key, value)| Written { key, value, layer: layer(line) }).collect()
}

/// The line on which the last part of `key` stands, below the parts before it.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let mut lines = text.lines().enumerate();
    let mut found = None;
    for part in key.split('.') {
        let is_part = |line: &str| line.trim_start().strip_prefix(part).is_some_and(|rest| rest.starts_with(':'));
        // Within braces the line of the section is all that is known.
        let Some((index, _)) = lines.find(|(_, line)| is_part(line)) else { break };
        found = Some(index + 1);
    }
    found
}
