//! Where experiments are found: a file, one of the folder `experiments` of the rules, or one that is shipped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use experiments::{SHIPPED, Script};
use rules::Rules;
use yaml_file::{Source, most_similar};

/// The folder within that of the rules.
const FOLDER: &str = "experiments";

/// An experiment that is not read yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    place: Place,
}

#[derive(Debug, PartialEq, Eq)]
enum Place {
    Shipped(&'static str),
    Path(PathBuf),
}

impl File {
    /// Its text, and how messages call it.
    pub(super) fn read(&self) -> anyhow::Result<Source> {
        Ok(match &self.place {
            Place::Shipped(text) => Source::new(format!("{} (shipped)", self.name), *text)?,
            Place::Path(path) => Source::read(path)?,
        })
    }

    pub(super) fn script(&self, rules: &Arc<Rules>) -> anyhow::Result<Script> {
        let source = self.read()?;
        Ok(Script::parse(source.name(), source.text(), rules)?)
    }
}

/// The one that is meant: the file itself, else one of `folder`, else a shipped one.
pub(super) fn find(meant: &str, folder: Option<&Path>) -> anyhow::Result<File> {
    let path = Path::new(meant);
    let is_path = path.extension().is_some() || path.components().count() > 1;
    if is_path || path.is_file() {
        return Ok(File { name: meant.to_owned(), place: Place::Path(path.to_owned()) });
    }
    let mut files = all(folder)?;
    if let Some(place) = files.iter().position(|file| file.name == meant) {
        return Ok(files.swap_remove(place));
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let hint = match most_similar(meant, names.iter().copied()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("there are {}", names.join(", ")),
    };
    anyhow::bail!("there is no experiment `{meant}`: {hint}")
}

/// Those that are shipped and those of `folder`, which take the place of shipped ones; by name.
pub(super) fn all(folder: Option<&Path>) -> anyhow::Result<Vec<File>> {
    let mut files: BTreeMap<String, Place> =
        SHIPPED.into_iter().map(|(name, text)| (name.to_owned(), Place::Shipped(text))).collect();
    let folder = folder.map(|folder| folder.join(FOLDER)).filter(|folder| folder.is_dir());
    if let Some(folder) = folder {
        let entries = folder.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>);
        for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry.path();
            let is_yaml = path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
            if let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_yaml) {
                files.insert(name.to_owned(), Place::Path(path.clone()));
            }
        }
    }
    Ok(files.into_iter().map(|(name, place)| File { name, place }).collect())
}
