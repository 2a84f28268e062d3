//! Tests of rules as data: samples in; levels, alerts, voices, actions and pages out. docs/rule-tests.md explains the files.
//!
//! A file is read (`file`), checked into cases (`compile`), and each case is run on the engine itself (`run`), whose events
//! are folded into what is (`seen`) and compared with what is expected (`case`).

mod case;
mod commands;
mod compile;
mod file;
mod report;
mod run;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use rules::Rules;
use serde_json::json;
use yaml_file::{Findings, Source};

use crate::cli::TestArguments;
use crate::say;
use case::Case;
use file::TestsFile;
use report::{FileReport, TestReport};

pub(crate) fn run(arguments: &TestArguments) -> anyhow::Result<ExitCode> {
    let mut reports = Vec::new();
    for path in files(&arguments.paths)? {
        let outcome = tested(&path, arguments).map_err(|error| format!("{error:#}"));
        let report = FileReport { path, outcome };
        // Of a file without the wanted tests there is nothing to tell.
        if report.counts() == (0, 0) {
            continue;
        }
        if !arguments.json && !say::out(&report.to_string()) {
            break;
        }
        reports.push(report);
    }
    let (passed, failed) =
        reports.iter().map(FileReport::counts).fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    anyhow::ensure!(passed + failed > 0, "there are no tests of that name");
    let _is_read = say::out(&match arguments.json {
        true => {
            let files: Vec<_> = reports.iter().map(FileReport::to_json).collect();
            json!({ "passed": passed, "failed": failed, "files": files }).to_string()
        }
        false => format!("{passed} passed, {failed} failed"),
    });
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files, and those of the folders, by name.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = path.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.with_context(|| format!("cannot read {}", path.display()))?;
        let is_yaml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        let mut found: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(is_yaml).collect();
        anyhow::ensure!(!found.is_empty(), "{} has no .yml files", path.display());
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

fn tested(path: &Path, arguments: &TestArguments) -> anyhow::Result<Vec<TestReport>> {
    let (rules, cases) = load(path, arguments.rules.as_deref())?;
    let is_wanted = |case: &Case| arguments.only.as_ref().is_none_or(|part| case.name.contains(part.as_str()));
    let report = |case| TestReport { failures: run::run(&case, &rules, false), case };
    Ok(cases.into_iter().filter(is_wanted).map(report).collect())
}

/// The tests of a file and the rules that they test: those of `folder`, else those of the folder above the file's; the
/// files of the folder that the file names take the place of theirs.
fn load(path: &Path, folder: Option<&Path>) -> anyhow::Result<(Arc<Rules>, Vec<Case>)> {
    let source = Source::read(path)?;
    let file: TestsFile = source.parse()?;
    let mut findings = Findings::default();
    let here = path.parent().unwrap_or(Path::new(""));
    let above = here.join("..");
    let own = file.rules.as_ref().and_then(|rules| rules.read(&mut findings)).map(|own| here.join(own));
    let folders: Vec<&Path> = own.as_deref().into_iter().chain([folder.unwrap_or(&above)]).collect();
    let rules = Rules::load_folders(&folders)?;
    let cases = compile::cases(&file, &rules, &mut findings);
    source.check(findings)?;
    Ok((Arc::new(rules), cases))
}
