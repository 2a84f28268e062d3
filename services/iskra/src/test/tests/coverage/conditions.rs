//! Conditions, changed by a little: each number a little larger and smaller, each comparison with and without its bar,
//! each `and` for an `or`, the whole for its contrary.

use conditions::{Condition, Vocabulary};

/// The changed conditions and what is changed. Those that would always or never hold are left out, as no rules may have
/// them.
pub(super) fn changed(condition: &Condition, vocabulary: &Vocabulary) -> Vec<(String, Condition)> {
    let text = condition.text();
    let mut texts = vec![format!("not ({text})")];
    for (from, to) in
        [(" and ", " or "), (" or ", " and "), (" > ", " >= "), (" < ", " <= "), (" >= ", " > "), (" <= ", " < ")]
    {
        texts.extend(text.match_indices(from).map(|(at, _)| replaced(text, at, from, to)));
    }
    for (at, number) in numbers(text) {
        texts.extend(nudged(number).map(|nudged| replaced(text, at, number, &nudged)));
    }
    let mut vocabulary = vocabulary.clone();
    let parse = |text: String| Some((text.clone(), Condition::parse(&text, &mut vocabulary).ok()?));
    texts.into_iter().filter_map(parse).collect()
}

fn replaced(text: &str, at: usize, from: &str, to: &str) -> String {
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

/// The numbers and times of a text, with their places.
fn numbers(text: &str) -> Vec<(usize, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let words = text.split(|c: char| !is_part(c)).filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    words.map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word)).collect()
}

/// A little more and a little less: of a share the half of a hundredth, of a count one, of a time one second.
fn nudged(number: &str) -> [String; 2] {
    if let Ok(time) = yaml_file::parse_duration(number) {
        let second = std::time::Duration::from_secs(1);
        return [time + second, time.saturating_sub(second)].map(yaml_file::write_duration);
    }
    let little = if number.contains('.') { 0.005 } else { 1.0 };
    let number: f64 = number.parse().unwrap();
    // Sums of decimals come with dust.
    [number + little, number - little].map(|nudged| format!("{}", (nudged * 1_000.0).round() / 1_000.0))
}

#[test]
fn a_condition_is_changed_in_every_place() {
    let mut vocabulary = Vocabulary::default();
    vocabulary.add("chaos", conditions::Kind::Number, conditions::Range { low: 0.0, high: 1.0 });
    vocabulary.add("lasts", conditions::Kind::Span, conditions::Range { low: 0.0, high: f64::INFINITY });
    let condition = Condition::parse("chaos > 0.7 and lasts < 5m", &mut vocabulary).unwrap();
    let texts: Vec<String> = changed(&condition, &vocabulary).into_iter().map(|(text, _)| text).collect();
    assert_eq!(
        texts,
        [
            "not (chaos > 0.7 and lasts < 5m)",
            "chaos > 0.7 or lasts < 5m",
            "chaos >= 0.7 and lasts < 5m",
            "chaos > 0.7 and lasts <= 5m",
            "chaos > 0.705 and lasts < 5m",
            "chaos > 0.695 and lasts < 5m",
            "chaos > 0.7 and lasts < 5m1s",
            "chaos > 0.7 and lasts < 4m59s",
        ]
    );
}
