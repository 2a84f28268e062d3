use std::path::Path;
use std::sync::{Arc, LazyLock};

use rules::Rules;
use yaml_file::{Findings, Source};

use super::case::Case;
use super::file::TestsFile;
use super::report::{FileReport, TestReport};
use super::run::run;

mod coverage;
mod expectations;
mod mistakes;
mod reports;
mod shipped;

static RULES: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::built_in()));

/// The tests of a text, on the shipped rules; or what is wrong with it.
fn cases(text: &str) -> Result<Vec<Case>, String> {
    let read = || {
        let source = Source::new("tests.yml", text)?;
        let file: TestsFile = source.parse()?;
        let mut findings = Findings::default();
        let cases = super::compile::cases(&file, &RULES, &mut findings);
        source.check(findings).map(|()| cases)
    };
    read().map_err(|error: yaml_file::Error| error.to_string())
}

/// What comes of the tests of a text.
fn report(text: &str) -> FileReport {
    let report = |case| TestReport { failures: run(&case, &RULES, false), case };
    let outcome = cases(text).map(|cases| cases.into_iter().map(report).collect());
    FileReport { path: "tests.yml".into(), outcome }
}

/// A test with these samples and expectations, in flow style.
fn test(samples: &str, expect: &str) -> String {
    format!("tests:\n  - name: A test\n    samples: [{samples}]\n    expect: [{expect}]\n")
}

fn shipped_folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/tests"))
}
