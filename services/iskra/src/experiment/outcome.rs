//! What is told of an experiment that is over.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use domain::Language;
use experiments::Report;
use serde_json::Value;

use crate::say;

/// The report in its forms.
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) passed: bool,
    pub(super) markdown: String,
    /// The report as a program reads it.
    pub(super) json: Value,
    /// The record of the artifact; none if it never began.
    pub(super) record: Option<Value>,
}

impl Outcome {
    pub(super) fn of(report: &Report, language: Language) -> anyhow::Result<Self> {
        let json = serde_json::to_value(report).context("writing the report")?;
        let (name, passed, markdown) = (report.name.clone(), report.passed, report.markdown(language));
        let record = report.artifact.as_ref().map(|artifact| artifact.record.clone());
        Ok(Self { name, passed, markdown, json, record })
    }

    /// Prints the report, or writes it and the artifact into `folder`.
    pub(super) fn tell(&self, folder: Option<&Path>, is_json: bool) -> anyhow::Result<()> {
        if let Some(folder) = folder {
            self.write(folder)?;
        }
        // Nobody has to read it to the end.
        let _is_read = say::out(&match (is_json, folder) {
            (true, _) => self.json.to_string(),
            (false, None) => self.markdown.trim_end().to_owned(),
            (false, Some(folder)) => {
                let verdict = if self.passed { "passed" } else { "FAILED" };
                format!("{} {verdict}: {}", self.name, folder.join(format!("{}.md", self.name)).display())
            }
        });
        Ok(())
    }

    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let write = |ending: &str, text: &str| {
            let path = folder.join(format!("{}.{ending}", self.name));
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        write("md", &self.markdown)?;
        self.record.as_ref().map_or(Ok(()), |record| write("json", &format!("{record:#}\n")))
    }
}
