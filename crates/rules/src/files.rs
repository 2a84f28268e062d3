use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use yaml_file::{Error, Place, Source};

/// The files of the rules, in the order in which they are read.
pub const FILES: [&str; 6] =
    ["slo-thresholds-matrix.yml", "signals.yml", "voices-triggers.yml", "actions.yml", "states.yml", "escalation.yml"];

/// Each as it is shipped.
const SHIPPED: [&str; 6] = [
    include_str!("../../../config/slo-thresholds-matrix.yml"),
    include_str!("../../../config/signals.yml"),
    include_str!("../../../config/voices-triggers.yml"),
    include_str!("../../../config/actions.yml"),
    include_str!("../../../config/states.yml"),
    include_str!("../../../config/escalation.yml"),
];

/// The file of the bands, first of [`FILES`].
pub(crate) const BANDS: &str = FILES[0];

/// The files that rules were read from, as they were then.
#[derive(Debug)]
pub struct Files {
    /// In the order of [`FILES`].
    pub(crate) sources: [Source; 6],
    /// Where the number of each edge stands in the file of the bands, by the edge's rule.
    pub(crate) edges: BTreeMap<String, Place>,
}

impl Files {
    /// Where an edge stands: the name of the file without its folder, and the line.
    pub fn place_of_edge(&self, rule: &str) -> Option<(&'static str, usize)> {
        self.edges.get(rule).map(|place| (BANDS, place.line))
    }

    /// The text of the file of the bands.
    pub(crate) fn bands(&self) -> &str {
        self.sources[0].text()
    }
}

/// The text of each file, or why there is none.
pub(crate) type Texts = [Result<Source, Error>; 6];

/// Each of the first folder that has it; where none has it, the shipped one.
pub(crate) fn of_folders(folders: &[&Path]) -> Texts {
    let own = |folder: &Path, name: &str| match Source::read(&folder.join(name)) {
        Err(Error::Read { source, .. }) if source.kind() == ErrorKind::NotFound => None,
        read => Some(read),
    };
    each(|name| folders.iter().find_map(|folder| own(folder, name)))
}

/// Those that are given by name; the others as they are shipped.
pub(crate) fn of_texts(texts: &[(&str, &str)]) -> Texts {
    each(|name| texts.iter().find(|(given, _)| *given == name).map(|(_, text)| Source::new(name, *text)))
}

fn each(own: impl Fn(&str) -> Option<Result<Source, Error>>) -> Texts {
    std::array::from_fn(|place| {
        own(FILES[place]).unwrap_or_else(|| Source::new(format!("config/{}", FILES[place]), SHIPPED[place]))
    })
}

/// A file as it is shipped.
#[cfg(test)]
pub(crate) fn shipped(name: &str) -> &'static str {
    SHIPPED[FILES.iter().position(|file| *file == name).expect("a file of the rules")]
}
