//! Moves edges in the text of their file, so that its comments and its layout stay.

use std::collections::BTreeMap;

use domain::Vital;
use yaml_file::{FromScalar, Place, Source, Written, most_similar};

use crate::files::BANDS;
use crate::written::Beyond;
use crate::{Error, Loaded, Rules};

/// Rules whose edges stand elsewhere.
#[derive(Clone, Debug)]
pub struct Moved {
    /// All of them, read and checked.
    pub loaded: Loaded,
    /// The name of the file that was changed, without its folder.
    pub file: &'static str,
    /// In which of its lines `text` begins.
    pub line: usize,
    /// The bands whose edges were moved, as they stand in the file with the new numbers. Where there are several,
    /// everything from the first of them to the last.
    pub text: String,
}

/// Why edges cannot stand elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    /// There is no such edge.
    #[error("there is no edge `{rule}`")]
    Unknown {
        /// What was asked for.
        rule: String,
        /// What may have been meant.
        hint: String,
    },
    /// It is written so that another number cannot just take the place of the old one: with escapes, on several lines,
    /// as an alias.
    #[error("`{rule}` is not written in one piece, like \"< 0.70\": only a person can change it")]
    ByHand {
        /// Which edge.
        rule: String,
        /// In which line it stands.
        line: usize,
    },
    /// Its number serves another edge too.
    #[error("`{rule}` would move too: it is an alias of another edge")]
    Along {
        /// Which edge that nobody asked to move.
        rule: String,
    },
    /// The rules would be wrong.
    #[error("the rules would be wrong")]
    Wrong(#[source] Error),
}

impl Loaded {
    /// The same rules with some edges elsewhere, by the names of their rules: their numbers are replaced in the file,
    /// which is then read and checked like any other. Whether a value on the edge itself is beyond it stays as it is.
    ///
    /// # Errors
    ///
    /// An edge is not there, is not written as a number of its own, or must not stand there.
    pub fn with_edges(&self, edges: &BTreeMap<String, f64>) -> Result<Moved, NotMoved> {
        let mut moves = edges.iter().map(|(rule, at)| self.find(rule, *at)).collect::<Result<Vec<_>, _>>()?;
        let (first, last) = self.block(edges);
        // From the end to the beginning, so that what is still to be replaced stays where it is.
        moves.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
        let mut text = self.files.bands().to_owned();
        for (start, end, number) in moves {
            text.replace_range(start..end, &number);
        }
        let block: Vec<_> = text.lines().skip(first - 1).take(last + 1 - first).collect();
        let block = block.join("\n") + "\n";
        let texts = std::array::from_fn(|file| match &self.files.sources[file] {
            source if file == 0 => Source::new(source.name(), &*text),
            source => Ok(source.clone()),
        });
        let loaded = Self::compile(texts).map_err(NotMoved::Wrong)?;
        if let Some(rule) = moved_along(&self.rules, &loaded.rules, edges) {
            return Err(NotMoved::Along { rule: rule.to_owned() });
        }
        Ok(Moved { loaded, file: BANDS, line: first, text: block })
    }

    /// Where the number of an edge begins and ends in the text of its file, and what is to stand there.
    fn find(&self, rule: &str, at: f64) -> Result<(usize, usize, String), NotMoved> {
        let places = &self.files.edges;
        let Some(place) = places.get(rule) else {
            let hint = match most_similar(rule, places.keys().map(String::as_str)) {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => format!("known are {}", places.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
            };
            return Err(NotMoved::Unknown { rule: rule.to_owned(), hint });
        };
        let text = self.files.bands();
        let (start, end) =
            number(text, *place).ok_or_else(|| NotMoved::ByHand { rule: rule.to_owned(), line: place.line })?;
        Ok((start, end, like(at, &text[start..end])))
    }

    /// The first and the last line of the bands that these edges belong to; of the whole file, if they are written in an
    /// unusual way.
    fn block(&self, edges: &BTreeMap<String, f64>) -> (usize, usize) {
        let lines: Vec<_> = self.files.bands().lines().collect();
        let of_edge = |rule: &String| {
            let vital = Vital::ALL.into_iter().find(|vital| rule.starts_with(vital.name()))?;
            band(&lines, self.files.edges.get(rule)?.line, vital)
        };
        let blocks = edges.keys().map(of_edge).collect::<Option<Vec<_>>>().unwrap_or_default();
        let first = blocks.iter().map(|(first, _)| *first).min().unwrap_or(1);
        (first, blocks.iter().map(|(_, last)| *last).max().unwrap_or(lines.len()))
    }
}

/// An edge that stands elsewhere though nobody asked for it.
fn moved_along<'a>(before: &'a Rules, after: &'a Rules, asked: &BTreeMap<String, f64>) -> Option<&'a str> {
    let edges = |rules: &'a Rules| rules.bands.iter().flat_map(|band| &band.edges);
    let moved = edges(before).zip(edges(after)).filter(|(before, after)| before.at != after.at);
    moved.map(|(edge, _)| &*edge.rule).find(|rule| !asked.contains_key(*rule))
}

/// Where a number begins and ends in the text, if the edge at `place` is written as it reads.
fn number(text: &str, place: Place) -> Option<(usize, usize)> {
    let before = place.line.checked_sub(1)?;
    let line = text.lines().nth(before)?;
    let (column, _) = line.char_indices().nth(place.column.checked_sub(1)?)?;
    let written: String = line[column..].chars().take(place.length).collect();
    let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''));
    let inside = match quote {
        Some(quote) => written.strip_prefix(quote)?.strip_suffix(quote)?,
        None => &written,
    };
    Beyond::from_scalar(Written::Text(inside)).ok()?;
    let number = inside.trim().trim_start_matches(['<', '>', '=', '≤', '≥']).trim();
    let line_start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    // The operator stands before it, and nothing but spaces and a quote behind it.
    let start = line_start + column + written.rfind(number)?;
    Some((start, start + number.len()))
}

/// The number with as many digits behind the point as the one it replaces, or as many as it needs.
fn like(number: f64, before: &str) -> String {
    /// More are zeros that somebody wrote for fun.
    const MOST: usize = 17;
    let digits = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let digits = digits(&number.to_string()).max(digits(before).min(MOST));
    format!("{number:.digits$}")
}

/// The first and the last line of the band of `vital`, in which an edge stands in `line`.
fn band(lines: &[&str], line: usize, vital: Vital) -> Option<(usize, usize)> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let is_key = |line: &str| line.trim_start().strip_prefix(vital.name()).is_some_and(|rest| rest.starts_with(':'));
    let first = lines.get(..line)?.iter().rposition(|line| is_key(line))?;
    let outside = indentation(lines[first]);
    let is_blank = |line: &str| line.trim().is_empty();
    // A remark further out than the band may be about what comes after it.
    let is_inside = |line: &str| !is_blank(line) && indentation(line) > outside;
    let is_over = |line: &str| !is_blank(line) && !line.trim_start().starts_with('#') && indentation(line) <= outside;
    let after = &lines[first + 1..];
    let end = after.iter().position(|line| is_over(line)).unwrap_or(after.len());
    let last = after[..end].iter().rposition(|line| is_inside(line)).map_or(first, |last| first + 1 + last);
    Some((first + 1, last + 1))
}

#[cfg(test)]
mod tests;
