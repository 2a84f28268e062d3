use crate::condition::MAXIMUM_CHARACTERS;
use crate::node::Comparison;
use crate::token::{Place, Token};
use crate::{Mistake, duration};

/// Signs, and what people write instead of them; the longer before those that they begin with.
const SIGNS: [(&str, Result<Token, &str>); 29] = [
    ("<=", Ok(Token::Compare(Comparison::LessOrEqual))),
    (">=", Ok(Token::Compare(Comparison::GreaterOrEqual))),
    ("==", Ok(Token::Compare(Comparison::Equal))),
    ("!=", Ok(Token::Compare(Comparison::NotEqual))),
    ("&&", Ok(Token::And)),
    ("||", Ok(Token::Or)),
    ("=<", Err("write `<=`")),
    ("=>", Err("write `>=`")),
    ("<>", Err("write `!=`")),
    ("≤", Ok(Token::Compare(Comparison::LessOrEqual))),
    ("≥", Ok(Token::Compare(Comparison::GreaterOrEqual))),
    ("<", Ok(Token::Compare(Comparison::Less))),
    (">", Ok(Token::Compare(Comparison::Greater))),
    ("!", Ok(Token::Not)),
    ("+", Ok(Token::Plus)),
    ("-", Ok(Token::Minus)),
    ("*", Ok(Token::Times)),
    ("/", Ok(Token::Divide)),
    ("(", Ok(Token::Open)),
    (")", Ok(Token::Close)),
    (",", Ok(Token::Comma)),
    ("=", Err("equality is `==`")),
    ("≠", Err("write `!=`")),
    ("&", Err("write `and` or `&&`")),
    ("|", Err("write `or` or `||`")),
    ("%", Err("vitals are shares, not percent: 0.7, not 70%")),
    ("×", Err("write `*`")),
    ("−", Err("write `-`")),
    ("–", Err("write `-`")),
];

/// Takes a text apart. The last token is always `End`.
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, Place)>, Mistake> {
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0 };
    if lexer.chars.len() > MAXIMUM_CHARACTERS {
        let place = Place { start: MAXIMUM_CHARACTERS, end: lexer.chars.len() };
        let message = format!("a condition has at most {MAXIMUM_CHARACTERS} characters");
        return Err(Mistake::new(place, message).hint("split it into several rules"));
    }
    let mut tokens = Vec::new();
    loop {
        lexer.take_while(char::is_whitespace);
        let start = lexer.at;
        let token = lexer.token()?;
        let is_end = token == Token::End;
        tokens.push((token, Place { start, end: lexer.at }));
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn token(&mut self) -> Result<Token, Mistake> {
        match self.peek(0) {
            None => Ok(Token::End),
            Some(c) if c.is_ascii_digit() => self.quantity(),
            Some('.') if self.peek(1).is_some_and(|c| c.is_ascii_digit()) => Err(self.bare_point()),
            Some(c) if is_word(c) => {
                let word = self.take_while(is_word);
                Ok(Token::keyword(&word).unwrap_or(Token::Name(word)))
            }
            Some(c) => self.sign(c),
        }
    }

    /// A number or a time.
    fn quantity(&mut self) -> Result<Token, Mistake> {
        let start = self.at;
        let mut text = self.take_while(|c| is_word(c) || c == '.');
        // The sign of an exponent belongs to the number: 1e-3.
        let is_exponent = text.ends_with(['e', 'E']) && matches!(self.peek(0), Some('+' | '-'));
        if is_exponent && self.peek(1).is_some_and(|c| c.is_ascii_digit()) {
            text.extend(self.peek(0));
            self.at += 1;
            text.push_str(&self.take_while(is_word));
        }
        let place = Place { start, end: self.at };
        let token = if is_number(&text) {
            number(&text, place)?
        } else if let Some(seconds) = duration::parse(&text) {
            Token::Span(seconds)
        } else {
            return Err(Mistake::new(place, format!("`{text}` is neither a number nor a time")).hint(
                "numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d",
            ));
        };
        // A comma can follow a number only where people mean a point: no list of arguments goes on behind one.
        match (self.peek(0), self.peek(1)) {
            (Some(','), Some(c)) if c.is_ascii_digit() => Err(self.decimal_comma(start, &text)),
            _ => Ok(token),
        }
    }

    fn decimal_comma(&mut self, start: usize, whole: &str) -> Mistake {
        self.at += 1;
        let fraction = self.take_while(|c| c.is_ascii_digit());
        Mistake::new(Place { start, end: self.at }, "numbers are written with a point")
            .hint(format!("write `{whole}.{fraction}`"))
    }

    fn bare_point(&mut self) -> Mistake {
        let start = self.at;
        self.at += 1;
        let fraction = self.take_while(|c| c.is_ascii_digit());
        Mistake::new(Place { start, end: self.at }, "a number begins with a digit")
            .hint(format!("write `0.{fraction}`"))
    }

    fn sign(&mut self, first: char) -> Result<Token, Mistake> {
        let is_here = |sign: &str| sign.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c));
        let start = self.at;
        let Some((sign, token)) = SIGNS.iter().find(|(sign, _)| is_here(sign)) else {
            let place = Place { start, end: start + 1 };
            let shown = if first.is_control() { first.escape_debug().to_string() } else { first.to_string() };
            return Err(Mistake::new(place, format!("`{shown}` has no meaning in a condition")));
        };
        self.at += sign.chars().count();
        let place = Place { start, end: self.at };
        token.clone().map_err(|hint| Mistake::new(place, format!("`{sign}` has no meaning in a condition")).hint(hint))
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let taken: String = self.chars[self.at..].iter().take_while(|c| belongs(**c)).collect();
        self.at += taken.chars().count();
        taken
    }
}

/// Letters of all scripts: a word in another one is told as a whole, not by its first letter.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether it looks like one: 7, 0.7, 1e-3, 1.5e3.
fn is_number(text: &str) -> bool {
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    are_digits(whole) && are_digits(fraction) && are_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

fn number(text: &str, place: Place) -> Result<Token, Mistake> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Token::Number(number)),
        _ => Err(Mistake::new(place, format!("`{text}` is too large a number"))),
    }
}
