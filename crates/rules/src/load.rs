use std::path::Path;

use yaml_file::{Error, Findings, Source};

use crate::Rules;
use crate::compile;
use crate::file::RulesFile;

/// The file as it is shipped.
const BUILT_IN: &str = include_str!("../../../config/slo-thresholds-matrix.yml");

impl Rules {
    /// Reads and checks the file at `path`; an error names every place that is wrong.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_source(&Source::read(path)?)
    }

    /// Reads and checks a text; `name` stands before every error.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Self::from_source(&Source::new(name, text)?)
    }

    /// The rules that are shipped in `config/slo-thresholds-matrix.yml`.
    pub fn built_in() -> Self {
        Self::parse("config/slo-thresholds-matrix.yml", BUILT_IN).expect("the shipped file is checked by a test")
    }

    fn from_source(source: &Source) -> Result<Self, Error> {
        let file: RulesFile = source.parse()?;
        let mut findings = Findings::default();
        let rules = compile::rules(&file, &mut findings);
        source.check(findings)?;
        Ok(rules.expect("what is missing was found"))
    }
}
