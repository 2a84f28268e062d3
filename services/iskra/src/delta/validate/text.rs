//! For people: a block for each file.

use std::io::{self, IsTerminal as _};

use artifacts::{Checked, Finding};
use domain::{ArtifactStatus, Language};

use super::input::Validated;

pub(super) fn lines(all: &[Validated], language: Language) -> Vec<String> {
    let paint = Paint { is_on: io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() };
    let checked: Vec<_> = all.iter().filter_map(|one| Some((one, one.checked()?))).collect();
    let mut lines: Vec<_> =
        checked.iter().flat_map(|(one, checked)| block(&one.name(), checked, language, paint)).collect();
    if checked.len() > 1 {
        lines.extend([String::new(), sum(all, language)]);
    }
    lines
}

/// How many there are of each status.
pub(super) fn sum(all: &[Validated], language: Language) -> String {
    let counts = super::counts(all);
    let number: usize = counts.iter().map(|(_, count)| count).sum();
    let of_each: Vec<_> = counts.iter().filter(|(_, count)| *count > 0).collect();
    let of_each = of_each.iter().map(|(status, count)| format!("{count} {}", status.name())).collect::<Vec<_>>();
    match language {
        Language::En => {
            format!("{number} artifact{}: {}", if number == 1 { "" } else { "s" }, of_each.join(", "))
        }
        Language::Ru => format!("артефактов {number}: {}", of_each.join(", ")),
    }
}

fn block(name: &str, checked: &Checked, language: Language, paint: Paint) -> Vec<String> {
    let status = checked.status;
    let says = checked.declared.filter(|declared| *declared > status).map(|declared| match language {
        Language::En => format!(", and says of itself {}", declared.name()),
        Language::Ru => format!(", а сам о себе говорит {}", declared.name()),
    });
    let name = artifacts::visible(name);
    let head = format!("{} {name}: {}{}", paint.mark(status), status.name(), says.unwrap_or_default());
    let mut findings: Vec<_> = checked.findings.iter().collect();
    findings.sort_by_key(|finding| finding.place);
    let widest = |of: fn(&Finding) -> String| findings.iter().map(|one| of(one).chars().count()).max().unwrap_or(0);
    let (places, codes) = (widest(place), widest(|finding| finding.code.to_string()));
    let line = |finding: &&Finding| {
        let (place, code) = (place(finding), finding.code.name());
        let mark = paint.mark(finding.severity.status());
        format!("  {mark} {place:>places$}  {code:<codes$}  {}", finding.message.get(language))
    };
    let more = (checked.left_off > 0).then(|| match language {
        Language::En => format!("    … and {} more", checked.left_off),
        Language::Ru => format!("    … и ещё {}", checked.left_off),
    });
    [head].into_iter().chain(findings.iter().map(line)).chain(more).collect()
}

fn place(finding: &Finding) -> String {
    finding.place.map_or_else(String::new, |place| format!("{}:{}", place.line, place.column))
}

#[derive(Clone, Copy)]
struct Paint {
    is_on: bool,
}

impl Paint {
    fn mark(self, status: ArtifactStatus) -> String {
        let (mark, colour) = match status {
            ArtifactStatus::Ok => ("✓", 32),
            ArtifactStatus::Warn => ("!", 33),
            ArtifactStatus::Block => ("✗", 31),
        };
        if self.is_on { format!("\u{1b}[1;{colour}m{mark}\u{1b}[0m") } else { mark.to_owned() }
    }
}
