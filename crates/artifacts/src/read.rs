//! Reads JSON strictly: what two readers could understand differently is refused, and so is what would take much memory.

use std::cell::RefCell;
use std::fmt;

use domain::Text;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

use crate::code::Code;
use crate::finding::{Finding, Place, Severity};
use crate::path::{JsonPath, Segment};
use crate::shown;

/// The longest record that is read.
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest: so many objects and lists within each other.
pub const MAX_DEPTH: usize = 64;

/// The record that these bytes are, or why they are none.
pub fn read(bytes: &[u8]) -> Result<Value, Finding> {
    read_text(bytes).map(|(_, record)| record)
}

/// The same, with the text that it was read from.
pub(crate) fn read_text(bytes: &[u8]) -> Result<(&str, Value), Finding> {
    let text = text(bytes)?;
    let trouble = Trouble::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let reader = Reader { depth: 0, trouble: &trouble };
    let record = reader.deserialize(&mut deserializer).and_then(|record| deserializer.end().map(|()| record));
    match record {
        Ok(record) => Ok((text, record)),
        Err(error) => Err(trouble.finding(text, &error)),
    }
}

fn text(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.len() > MAX_BYTES {
        let message = Text::new(
            format!("larger than the {MAX_BYTES} bytes that a record has at most"),
            format!("больше {MAX_BYTES} байт, допустимых для записи"),
        );
        return Err(finding(JsonPath::default(), None, message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let place = Place { line: 1, column: 1 }.after(&String::from_utf8_lossy(good));
        finding(JsonPath::default(), Some(place), Text::new("not UTF-8", "не UTF-8"))
    })?;
    if text.starts_with('\u{feff}') {
        let message = Text::new(
            "begins with a byte order mark, which JSON has not",
            "начинается с метки BOM, которой в JSON нет",
        );
        return Err(finding(JsonPath::default(), Some(Place { line: 1, column: 1 }), message));
    }
    Ok(text)
}

fn finding(path: JsonPath, place: Option<Place>, message: Text) -> Finding {
    let allowed = Text::new(
        format!("a JSON object in UTF-8, each key once, at most {MAX_BYTES} bytes long and {MAX_DEPTH} deep"),
        format!("объект JSON в UTF-8, каждый ключ один раз, не длиннее {MAX_BYTES} байт и не глубже {MAX_DEPTH}"),
    );
    Finding { code: Code::Shape, severity: Severity::Block, path, place, value: None, allowed, message }
}

/// What only this reader refuses.
#[derive(Clone)]
enum Refused {
    Repeated(String),
    TooDeep,
    TooLarge,
}

/// Why it stopped, and where: the steps come in from the innermost to the outermost.
#[derive(Default)]
struct Trouble {
    refused: RefCell<Option<Refused>>,
    steps: RefCell<Vec<Segment>>,
}

impl Trouble {
    fn finding(&self, text: &str, error: &serde_json::Error) -> Finding {
        let mut steps = self.steps.take();
        steps.reverse();
        let message = match self.refused.take() {
            Some(Refused::Repeated(key)) => {
                Text::new(format!("the key {key} is there twice"), format!("ключ {key} встречается дважды"))
            }
            Some(Refused::TooDeep) => {
                Text::new(format!("nested deeper than {MAX_DEPTH}"), format!("вложенность глубже {MAX_DEPTH}"))
            }
            Some(Refused::TooLarge) => {
                Text::new("a number that does not fit into 64 bits", "число не помещается в 64 бита")
            }
            None if error.classify() == Category::Eof => {
                Text::new("ends too early: the rest is missing", "обрывается: не хватает конца")
            }
            None => {
                let said = error.to_string();
                let said = said.split(" at line ").next().unwrap_or_default();
                Text::new(format!("not JSON: {said}"), format!("не JSON: {said}"))
            }
        };
        let path = JsonPath(steps);
        let message = match path.segments() {
            [] => message,
            _ => Text::new(format!("{path}: {}", message.en), format!("{path}: {}", message.ru)),
        };
        finding(path, place(text, error), message)
    }
}

/// serde_json counts bytes within the line; people count characters.
fn place(text: &str, error: &serde_json::Error) -> Option<Place> {
    let line = text.split('\n').nth(error.line().checked_sub(1)?)?;
    let is_before = |(at, _): &(usize, char)| *at < error.column();
    Some(Place { line: error.line(), column: line.char_indices().take_while(is_before).count().max(1) })
}

/// Reads one value, `depth` containers deep.
#[derive(Clone, Copy)]
struct Reader<'t> {
    depth: usize,
    trouble: &'t Trouble,
}

impl<'t> Reader<'t> {
    fn refuse<E: serde::de::Error>(self, why: Refused) -> E {
        *self.trouble.refused.borrow_mut() = Some(why);
        E::custom("refused")
    }

    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth < MAX_DEPTH {
            true => Ok(Self { depth: self.depth + 1, ..self }),
            false => Err(self.refuse(Refused::TooDeep)),
        }
    }

    fn on_the_way(self, segment: impl FnOnce() -> Segment) {
        self.trouble.steps.borrow_mut().push(segment());
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    /// A whole number too long for 64 bits arrives here as well, with its last digits lost. The least that fits does not.
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        const LEAST: f64 = -9_223_372_036_854_775_808.0;
        const TOO_MUCH: f64 = 18_446_744_073_709_551_616.0;
        match Number::from_f64(value) {
            Some(number) if LEAST < value && value < TOO_MUCH => Ok(Value::Number(number)),
            _ => Err(self.refuse(Refused::TooLarge)),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(inside) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Value::Array(list)),
                Err(error) => {
                    self.on_the_way(|| Segment::Index(list.len()));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.contains_key(&key) {
                self.on_the_way(|| Segment::key(&key));
                return Err(self.refuse(Refused::Repeated(shown::quoted(&key))));
            }
            match members.next_value_seed(inside) {
                Ok(value) => drop(object.insert(key, value)),
                Err(error) => {
                    self.on_the_way(|| Segment::key(&key));
                    return Err(error);
                }
            }
        }
        Ok(Value::Object(object))
    }
}
