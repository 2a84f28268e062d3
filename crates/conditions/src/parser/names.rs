//! Names and windows.

use std::time::Duration;

use super::{Parser, Part};
use crate::node::Node;
use crate::similar::most_similar;
use crate::token::{Place, Token};
use crate::{Function, Kind, MAXIMUM_WINDOWS, Mistake, Range, Slot, duration, is_name};

const EXAMPLE: &str = "a window is like `avg(pain, 5m)`";

impl Parser<'_> {
    pub(super) fn name(&mut self, word: &str) -> Result<Part, Mistake> {
        let place = self.place();
        self.at += 1;
        if *self.token() == Token::Open {
            return self.window(word, place);
        }
        let (slot, _) = self.known(word, place)?;
        self.slot(slot, place)
    }

    fn window(&mut self, word: &str, place: Place) -> Result<Part, Mistake> {
        let Some(function) = Function::from_name(word) else {
            let known = Function::ALL.map(Function::name);
            let hint = meant(word, known).unwrap_or_else(|| format!("known are {}", known.join(", ")));
            return Err(Mistake::new(place, format!("unknown function `{word}`")).hint(hint));
        };
        self.at += 1;
        let of = self.window_name()?;
        self.expect(&Token::Comma)?;
        let span = self.window_span()?;
        let close = self.place();
        self.expect(&Token::Close)?;
        let Some(slot) = self.vocabulary.window(function, of, span) else {
            let message = format!("there are already {MAXIMUM_WINDOWS} different windows");
            return Err(Mistake::new(place.to(close), message).hint("use one that another condition has"));
        };
        self.slot(slot, place.to(close))
    }

    fn window_name(&mut self) -> Result<Slot, Mistake> {
        let place = self.place();
        let Token::Name(word) = self.token().clone() else {
            let message = format!("expected a name, found {}", self.found());
            return Err(Mistake::new(place, message).hint(EXAMPLE));
        };
        self.at += 1;
        match self.known(&word, place)? {
            (slot, Kind::Number) => Ok(slot),
            (_, kind) => {
                let message = format!("`{word}` is {}; windows look back on numbers", kind.a());
                Err(Mistake::new(place, message).hint(EXAMPLE))
            }
        }
    }

    fn window_span(&mut self) -> Result<Duration, Mistake> {
        const LEAST: f64 = 1.0;
        const MOST: f64 = 86_400.0;
        let place = self.place();
        match *self.token() {
            Token::Span(seconds) if (LEAST..=MOST).contains(&seconds) => {
                self.at += 1;
                Ok(Duration::from_secs_f64(seconds))
            }
            Token::Span(seconds) => {
                let message = format!("a window of {} is too short or too long", duration::write(seconds));
                Err(Mistake::new(place, message).hint("windows are from 1s to 24h long"))
            }
            _ => Err(Mistake::new(place, format!("expected a time, found {}", self.found())).hint(EXAMPLE)),
        }
    }

    fn expect(&mut self, token: &Token) -> Result<(), Mistake> {
        if self.take(token) {
            return Ok(());
        }
        let sign = if *token == Token::Comma { "," } else { ")" };
        Err(Mistake::new(self.place(), format!("expected `{sign}`, found {}", self.found())).hint(EXAMPLE))
    }

    fn found(&self) -> String {
        match self.token() {
            Token::End => "the end".to_owned(),
            _ => format!("`{}`", self.written(self.place())),
        }
    }

    fn slot(&mut self, slot: Slot, place: Place) -> Result<Part, Mistake> {
        let kind = self.vocabulary.kind(slot);
        let has_unit = kind == Kind::Number && self.vocabulary.range(slot) == Range::UNIT;
        Ok(Part { at: self.push(Node::Slot(slot), place)?, kind, place, is_constant: false, has_unit })
    }

    fn known(&self, word: &str, place: Place) -> Result<(Slot, Kind), Mistake> {
        if let Some(known) = self.vocabulary.get(word) {
            return Ok(known);
        }
        let message = match word {
            _ if is_name(word) => format!("unknown signal `{word}`"),
            // It can look the same: с is not c.
            _ if !word.is_ascii() => format!("`{word}` is not written in a-z"),
            _ => format!("`{word}` is not a name"),
        };
        let hint = match Function::from_name(word) {
            Some(_) => EXAMPLE.to_owned(),
            None => meant(word, self.vocabulary.names().chain(["and", "or", "not", "true", "false"]))
                .unwrap_or_else(|| self.all_known()),
        };
        Err(Mistake::new(place, message).hint(hint))
    }

    /// The first names are the most important ones: the vitals.
    fn all_known(&self) -> String {
        const SHOWN: usize = 4;
        let names: Vec<&str> = self.vocabulary.names().collect();
        match names.len().saturating_sub(SHOWN) {
            0 => format!("known are {}", names.join(", ")),
            more => format!("known are {} and {more} more", names[..SHOWN].join(", ")),
        }
    }
}

/// For a hint: which known word was meant.
pub(super) fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    most_similar(word, known).map(|similar| format!("did you mean `{similar}`?"))
}
