//! In which language a person at the terminal reads what is printed.

use clap::{Args, ValueEnum};
use domain::Language;

#[derive(Args, Debug)]
pub(crate) struct LanguageArguments {
    /// Language of what is printed [default: that of the terminal (LC_ALL, LC_MESSAGES, LANG), else en]
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Spoken {
    /// English
    En,
    /// Russian
    Ru,
}

impl LanguageArguments {
    /// The one that was asked for, or the terminal's.
    pub(crate) fn language(&self) -> Language {
        match self.language {
            Some(Spoken::En) => Language::En,
            Some(Spoken::Ru) => Language::Ru,
            None => of_terminal(|name| std::env::var(name).ok()),
        }
    }
}

/// The first of them that is set decides, as everywhere.
fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    if locale.is_some_and(|locale| locale.starts_with("ru")) { Language::Ru } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_has_a_language() {
        let of = |set: &[(&str, &str)]| {
            of_terminal(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[]), Language::En);
        assert_eq!(of(&[("LANG", "ru_RU.UTF-8")]), Language::Ru);
        assert_eq!(of(&[("LANG", "ru_RU.UTF-8"), ("LC_ALL", "C")]), Language::En);
        assert_eq!(of(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "ru_RU"), ("LC_ALL", "")]), Language::Ru);
    }
}
