use crate::condition::{MAXIMUM_DEPTH, MAXIMUM_PARTS};
use crate::node::{Arithmetic, At, Comparison, Node};
use crate::token::{Place, Token};
use crate::{Kind, Mistake, Vocabulary, check, lexer};

mod names;
mod types;

/// Reads a text into checked nodes, by recursive descent: one function for each line of the grammar.
pub(crate) fn parse(text: &str, vocabulary: &mut Vocabulary) -> Result<Vec<Node>, Mistake> {
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser { text, tokens, at: 0, depth: 0, nodes: Vec::new(), vocabulary };
    if *parser.token() == Token::End {
        return Err(Mistake::new(parser.place(), "a condition is missing").hint("write one like `clarity > 0.7`"));
    }
    let whole = parser.or()?;
    if *parser.token() != Token::End {
        return Err(parser.unexpected_behind());
    }
    parser.needs_flag(whole)?;
    if whole.is_constant {
        return Err(
            Mistake::new(whole.place, "this depends on nothing").hint("write a name in it, as in `clarity > 0.7`")
        );
    }
    check::together(&parser.nodes, parser.vocabulary, whole.at, whole.place)?;
    Ok(parser.nodes)
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, Place)>,
    at: usize,
    depth: usize,
    nodes: Vec<Node>,
    vocabulary: &'a mut Vocabulary,
}

/// A node, and what its user must know of it.
#[derive(Clone, Copy)]
struct Part {
    at: At,
    kind: Kind,
    place: Place,
    /// Whether no name takes part.
    is_constant: bool,
    /// Whether a name takes part that lies between 0 and 1.
    has_unit: bool,
}

impl Parser<'_> {
    fn or(&mut self) -> Result<Part, Mistake> {
        let mut left = self.and()?;
        while self.take(&Token::Or) {
            let right = self.and()?;
            left = self.join(Node::Or, left, right)?;
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Part, Mistake> {
        let mut left = self.not()?;
        while self.take(&Token::And) {
            let right = self.not()?;
            left = self.join(Node::And, left, right)?;
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Part, Mistake> {
        let start = self.place();
        if !self.take(&Token::Not) {
            return self.comparison();
        }
        let inner = self.deeper(start, Self::not)?;
        self.needs_flag(inner)?;
        let at = self.push(Node::Not(inner.at), start)?;
        Ok(Part { at, place: start.to(inner.place), ..inner })
    }

    fn comparison(&mut self) -> Result<Part, Mistake> {
        let mut left = self.sum()?;
        let mut chain: Option<(Part, Comparison)> = None;
        while let Token::Compare(comparison) = *self.token() {
            self.at += 1;
            let right = self.sum()?;
            let link = self.compare(left, comparison, right)?;
            chain = Some(match chain {
                None => (link, comparison),
                Some((before, direction)) => (self.chain(before, direction, link, comparison)?, comparison),
            });
            left = right;
        }
        Ok(chain.map_or(left, |(whole, _)| whole))
    }

    fn sum(&mut self) -> Result<Part, Mistake> {
        let mut left = self.product()?;
        loop {
            let arithmetic = match self.token() {
                Token::Plus => Arithmetic::Add,
                Token::Minus => Arithmetic::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = self.arithmetic(arithmetic, left, right)?;
        }
    }

    fn product(&mut self) -> Result<Part, Mistake> {
        let mut left = self.signed()?;
        loop {
            let arithmetic = match self.token() {
                Token::Times => Arithmetic::Multiply,
                Token::Divide => Arithmetic::Divide,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.signed()?;
            left = self.arithmetic(arithmetic, left, right)?;
        }
    }

    fn signed(&mut self) -> Result<Part, Mistake> {
        let start = self.place();
        if !self.take(&Token::Minus) {
            return self.value();
        }
        let inner = self.deeper(start, Self::signed)?;
        self.needs_quantity(inner)?;
        let at = self.push(Node::Negate(inner.at), start)?;
        Ok(Part { at, place: start.to(inner.place), ..inner })
    }

    fn value(&mut self) -> Result<Part, Mistake> {
        let place = self.place();
        let (node, kind) = match self.token().clone() {
            Token::Number(number) => (Node::Number(number), Kind::Number),
            Token::Span(seconds) => (Node::Span(seconds), Kind::Span),
            Token::Flag(flag) => (Node::Flag(flag), Kind::Flag),
            Token::Name(word) => return self.name(&word),
            Token::Open => return self.brackets(),
            _ => return Err(self.unexpected_for_a_value()),
        };
        self.at += 1;
        Ok(Part { at: self.push(node, place)?, kind, place, is_constant: true, has_unit: false })
    }

    fn brackets(&mut self) -> Result<Part, Mistake> {
        let open = self.place();
        self.at += 1;
        let inner = self.deeper(open, Self::or)?;
        let close = self.place();
        if self.take(&Token::Close) {
            return Ok(Part { place: open.to(close), ..inner });
        }
        Err(match self.token() {
            Token::End => Mistake::new(open, "this bracket is never closed"),
            _ => self.unexpected_behind(),
        })
    }

    fn deeper(&mut self, place: Place, inner: fn(&mut Self) -> Result<Part, Mistake>) -> Result<Part, Mistake> {
        if self.depth == MAXIMUM_DEPTH {
            let message = format!("brackets, `not` and signs are more than {MAXIMUM_DEPTH} deep here");
            return Err(Mistake::new(place, message));
        }
        self.depth += 1;
        let part = inner(self);
        self.depth -= 1;
        part
    }

    fn push(&mut self, node: Node, place: Place) -> Result<At, Mistake> {
        if self.nodes.len() == MAXIMUM_PARTS {
            let message = format!("a condition has at most {MAXIMUM_PARTS} names, constants and operators");
            return Err(Mistake::new(place, message).hint("split it into several rules"));
        }
        self.nodes.push(node);
        Ok(crate::node::root(&self.nodes))
    }

    fn token(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)].0
    }

    fn place(&self) -> Place {
        self.tokens[self.at.min(self.tokens.len() - 1)].1
    }

    fn take(&mut self, token: &Token) -> bool {
        let is_here = self.token() == token;
        self.at += usize::from(is_here);
        is_here
    }

    /// What was written there.
    fn written(&self, place: Place) -> String {
        self.text.chars().skip(place.start).take(place.end - place.start).collect()
    }

    fn unexpected_for_a_value(&self) -> Mistake {
        let place = self.place();
        match self.token() {
            Token::End => Mistake::new(place, "the condition ends where a value is expected"),
            Token::Not => Mistake::new(place, "`not` needs brackets around it here").hint("write `(not …)`"),
            _ => Mistake::new(place, format!("expected a value, found `{}`", self.written(place))),
        }
    }

    /// Behind a complete part.
    fn unexpected_behind(&self) -> Mistake {
        let place = self.place();
        let found = self.written(place);
        let mistake = Mistake::new(place, format!("expected `and`, `or` or an operator, found `{found}`"));
        match self.token() {
            Token::Close => Mistake::new(place, "this bracket was never opened"),
            Token::Name(word) => match names::meant(word, ["and", "or"]) {
                Some(hint) => mistake.hint(hint),
                None => mistake,
            },
            _ => mistake,
        }
    }
}
