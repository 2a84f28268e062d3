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
    name: String,
    passed: bool,
    markdown: String,
    json: Value,
}

impl Outcome {
    pub(super) fn of(report: &Report, language: Language) -> anyhow::Result<Self> {
        let json = serde_json::to_value(report).context("writing the report")?;
        Ok(Self { name: report.name.clone(), passed: report.passed, markdown: report.markdown(language), json })
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
        match &self.json["artifact"]["record"] {
            // It never began: there is nothing to keep.
            Value::Null => Ok(()),
            record => write("json", &format!("{record:#}\n")),
        }
    }
}
