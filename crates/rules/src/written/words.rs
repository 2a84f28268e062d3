use std::time::Duration;

use conditions::Kind;
use domain::{Channel, Priority, SeamKind, Side, Urgency, Voice};
use yaml_file::{Complaint, FromScalar, Written, most_similar};

use crate::rules::Interference;

/// The written form of an edge: `< 0.70`, `>= 0.95`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Beyond {
    /// `<` and `<=` look down, `>` and `>=` look up.
    pub(crate) side: Side,
    pub(crate) inclusive: bool,
    pub(crate) at: f64,
}

impl FromScalar for Beyond {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        // Longer operators first: `<=` begins with `<`.
        const OPERATORS: [(&str, Side, bool); 6] = [
            ("<=", Side::Low, true),
            (">=", Side::High, true),
            ("≤", Side::Low, true),
            ("≥", Side::High, true),
            ("<", Side::Low, false),
            (">", Side::High, false),
        ];
        let wrong = |hint: &str| Err(Complaint::new(format!("expected an edge, found {written}")).hint(hint));
        let Written::Text(text) = written else {
            return wrong("an edge is an operator and a number in quotes, like \"< 0.70\" or \">= 0.95\"");
        };
        let text = text.trim();
        let Some((operator, side, inclusive)) = OPERATORS.into_iter().find(|(operator, ..)| text.starts_with(operator))
        else {
            return wrong("begin with <, <=, > or >=, like \"< 0.70\" or \">= 0.95\"");
        };
        match text[operator.len()..].trim().parse::<f64>() {
            Ok(at) if at.is_finite() => Ok(Self { side, inclusive, at }),
            _ => wrong("one number follows the operator, with a point: \"< 0.70\""),
        }
    }
}

/// Something that is one of a few, each by its word.
pub(crate) trait Words: Copy + 'static {
    /// What it is, with its article.
    const A: &'static str;
    /// All of them.
    const ALL: &'static [(&'static str, Self)];
}

/// One of a few, as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<T>(pub(crate) T);

impl<T: Words> FromScalar for Word<T> {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        let known = || T::ALL.iter().map(|(word, _)| *word);
        let meant = match written {
            Written::Text(text) => match T::ALL.iter().find(|(word, _)| *word == text) {
                Some((_, value)) => return Ok(Self(*value)),
                None => most_similar(text, known()),
            },
            _ => None,
        };
        let hint = match meant {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => format!("known are {}", known().collect::<Vec<_>>().join(", ")),
        };
        Err(Complaint::new(format!("expected {}, found {written}", T::A)).hint(hint))
    }
}

impl Words for Priority {
    const A: &'static str = "a priority";
    const ALL: &'static [(&'static str, Self)] = &[("P0", Self::P0), ("P1", Self::P1), ("P2", Self::P2)];
}

impl Words for Voice {
    const A: &'static str = "a voice";
    const ALL: &'static [(&'static str, Self)] = &[
        ("kayn", Self::Kayn),
        ("pino", Self::Pino),
        ("sam", Self::Sam),
        ("anhantra", Self::Anhantra),
        ("hundun", Self::Hundun),
        ("iskriv", Self::Iskriv),
        ("iskra", Self::Iskra),
    ];
}

impl Words for Urgency {
    const A: &'static str = "an urgency";
    const ALL: &'static [(&'static str, Self)] =
        &[("critical", Self::Critical), ("high", Self::High), ("medium", Self::Medium)];
}

impl Words for Channel {
    const A: &'static str = "a channel";
    const ALL: &'static [(&'static str, Self)] =
        &[("slack", Self::Slack), ("pagerduty", Self::PagerDuty), ("email", Self::Email)];
}

impl Words for SeamKind {
    const A: &'static str = "a kind of seam";
    const ALL: &'static [(&'static str, Self)] = &[
        ("conflict", Self::Conflict),
        ("reset", Self::Reset),
        ("chaos", Self::Chaos),
        ("pause", Self::Pause),
        ("weave", Self::Weave),
        ("insight", Self::Insight),
        ("bridge", Self::Bridge),
    ];
}

impl Words for Interference {
    const A: &'static str = "stop or pause";
    const ALL: &'static [(&'static str, Self)] = &[("stop", Self::Stop), ("pause", Self::Pause)];
}

/// What a signal is.
impl Words for Kind {
    const A: &'static str = "a type";
    const ALL: &'static [(&'static str, Self)] =
        &[("number", Self::Number), ("flag", Self::Flag), ("span", Self::Span)];
}

/// How a voice sounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waveform(pub(crate) &'static str);

impl Words for Waveform {
    const A: &'static str = "a waveform";
    const ALL: &'static [(&'static str, Self)] = &[
        ("sine", Self("sine")),
        ("sawtooth", Self("sawtooth")),
        ("triangle", Self("triangle")),
        ("square", Self("square")),
    ];
}

/// The text of a condition, exactly as it is written: its reader points into it.
#[derive(Clone, Debug)]
pub(crate) struct Formula(pub(crate) String);

impl FromScalar for Formula {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Text(text) if !text.trim().is_empty() => Ok(Self(text.to_owned())),
            _ => Err(Complaint::new(format!("expected a condition, found {written}")).hint(
                "a condition compares, like pain > 0.6 and trust < 0.5; put it into quotes if it begins with > or !",
            )),
        }
    }
}

/// A moment of every week: how long after Monday 00:00.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(pub(crate) Duration);

impl FromScalar for Moment {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        let text = if let Written::Text(text) = written { text } else { "" };
        parse_moment(text).map(Self).ok_or_else(|| {
            Complaint::new(format!("expected a day and a time, found {written}"))
                .hint("Mon, Tue, Wed, Thu, Fri, Sat or Sun and a time in UTC from 00:00 to 23:59, like Sun 02:00")
        })
    }
}

/// Reads `Sun 02:00`, in UTC: so long after Monday 00:00.
pub fn parse_moment(text: &str) -> Option<Duration> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let (day, time) = text.trim().split_once(' ')?;
    let day = DAYS.iter().position(|name| name.eq_ignore_ascii_case(day))?;
    let (hours, minutes) = time.trim().split_once(':')?;
    let number = |text: &str, below: u64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number: &u64| digits && *number < below)
    };
    let minutes = u64::try_from(day).ok()? * 1_440 + number(hours, 24)? * 60 + number(minutes, 60)?;
    Some(Duration::from_secs(minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_and_a_time() {
        let hours = |text: &str| parse_moment(text).map(|moment| moment.as_secs_f64() / 3_600.0);
        let right = [("Mon 00:00", 0.0), ("Tue 06:30", 30.5), ("sun  23:45", 167.75), (" Wed 14:00 ", 62.0)];
        for (text, expected) in right {
            assert_eq!(hours(text), Some(expected), "{text}");
        }
        for text in ["", "Mon", "Mon 24:00", "Mon 12:60", "Mon 1:00", "Mon 12", "Mon 12:+1", "Monday 12:00", "Mo 12:00"]
        {
            assert_eq!(hours(text), None, "{text}");
        }
    }
}
