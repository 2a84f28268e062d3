//! The verdict as a comment on the pull request, in Markdown.
//!
//! Every word of others (titles, paths, values) stands in a code span or a code block: nothing of it is a heading, a link,
//! a picture, markup, or a person who is called.

use domain::{ArtifactStatus, Language, Text};

use crate::gate::{Judged, Verdict};

/// So many findings are told in all; how many there are besides is said.
const MOST_FINDINGS: usize = 40;

/// So many objections.
const MOST_OBJECTIONS: usize = 40;

/// A larger draft is only in its file: a comment has at most 65,536 characters.
const MOST_BYTES_OF_A_DRAFT: usize = 24_000;

/// So many characters of one word of others.
const MOST_CHARS: usize = 300;

/// The comment, in a language.
pub fn comment(verdict: &Verdict, language: Language) -> String {
    let say = |en: &str, ru: &str| Text::new(en, ru).get(language).to_owned();
    let mut lines = vec![format!("## ∆DΩΛ: {}", say(heading(verdict).0, heading(verdict).1)), String::new()];
    let objections = verdict.objections.iter().take(MOST_OBJECTIONS);
    lines.extend(objections.map(|objection| {
        let path = objection.path.as_deref().map(|path| code(path) + " ").unwrap_or_default();
        format!("- **BLOCK** {path}{}", objection.what.get(language))
    }));
    more(&mut lines, verdict.objections.len(), MOST_OBJECTIONS, language);
    let mut left = MOST_FINDINGS;
    for judged in &verdict.artifacts {
        lines.push(format!("- **{}** {}", judged.status().name(), code(&judged.path)));
        lines.extend(findings(judged, &mut left, language));
    }
    lines.push(String::new());
    lines.push(measured(verdict, language));
    if let Some(draft) = &verdict.draft {
        let text = draft.to_json();
        lines.push(String::new());
        lines.push(say(
            "A draft was made from the change itself. Complete it (its `next_steps` say how), put it into \
             `.iskra/artifacts/` under a name of your own, and commit it. It is attached to the run as `draft.json`.",
            "Черновик построен по самому изменению. Дополните его (как — сказано в `next_steps`), положите в \
             `.iskra/artifacts/` под своим именем и закоммитьте. Он приложен к запуску как `draft.json`.",
        ));
        if text.len() <= MOST_BYTES_OF_A_DRAFT {
            lines.push(String::new());
            lines.push(block("json", &text));
        }
    }
    lines.join("\n") + "\n"
}

fn heading(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict.status() {
        ArtifactStatus::Block if verdict.draft.is_some() => {
            ("blocked, an artifact is missing", "заблокировано, нет артефакта")
        }
        ArtifactStatus::Block => ("blocked", "заблокировано"),
        ArtifactStatus::Warn => ("passed, a person should look", "пропущено, стоит взглянуть человеку"),
        ArtifactStatus::Ok => ("passed", "пропущено"),
    }
}

fn findings(judged: &Judged, left: &mut usize, language: Language) -> Vec<String> {
    let checked = &judged.checked;
    let mut lines: Vec<String> = Vec::new();
    if let Some(declared) = checked.declared.filter(|declared| *declared > checked.status) {
        let says = Text::new("it says so of the change itself", "так он говорит о самом изменении");
        lines.push(format!("  - {}, `lambda.status`: {}", declared.name(), says.get(language)));
    }
    let told = checked.findings.len().min(*left);
    *left -= told;
    for finding in &checked.findings[..told] {
        let place = finding.place.map(|place| format!(" ({}:{})", place.line, place.column)).unwrap_or_default();
        let message = code(finding.message.get(language));
        lines.push(format!("  - {} `{}`{place} {message}", finding.severity.status().name(), finding.code));
    }
    more(&mut lines, checked.findings.len() + checked.left_off, told, language);
    lines
}

fn more(lines: &mut Vec<String>, all: usize, told: usize, language: Language) {
    if let Some(more) = all.checked_sub(told).filter(|more| *more > 0) {
        lines.push(Text::new(format!("  - and {more} more"), format!("  - и ещё {more}")).get(language).to_owned());
    }
}

/// What was changed, in one line, with the largest parts first.
fn measured(verdict: &Verdict, language: Language) -> String {
    const MOST_PARTS: usize = 8;
    let measured = &verdict.measured;
    let (added, deleted, files) = (measured.additions.lines, measured.deletions.lines, measured.changes.len());
    let mut parts: Vec<_> = measured.parts.iter().collect();
    parts.sort_by(|one, other| {
        (other.added + other.deleted).cmp(&(one.added + one.deleted)).then(one.name.cmp(&other.name))
    });
    let names: Vec<String> = parts.iter().take(MOST_PARTS).map(|part| code(&part.name)).collect();
    let more = if parts.len() > MOST_PARTS { ", …" } else { "" };
    let (base, head) = (measured.base.short(), measured.head.short());
    let figures = Text::new(
        format!("`{base}`…`{head}`: files {files}, lines +{added} −{deleted}"),
        format!("`{base}`…`{head}`: файлов {files}, строк +{added} −{deleted}"),
    );
    format!("{}{}{}{more}", figures.get(language), if names.is_empty() { "" } else { " · " }, names.join(", "))
}

/// Words of others as a code span: between more backticks than they have in a row themselves.
fn code(words: &str) -> String {
    let mut words = artifacts::visible(words);
    if let Some((end, _)) = words.char_indices().nth(MOST_CHARS) {
        words.truncate(end);
        words.push('…');
    }
    let fence = "`".repeat(longest_run(&words) + 1);
    // One space on each side is taken away again, and keeps a backtick at the end from joining the fence.
    if fence.len() > 1 || words.starts_with(' ') || words.is_empty() {
        format!("{fence} {words} {fence}")
    } else {
        format!("{fence}{words}{fence}")
    }
}

/// A code block, between more backticks than it has in a row itself.
fn block(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    format!("{fence}{language}\n{text}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
