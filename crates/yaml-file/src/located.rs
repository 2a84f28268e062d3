use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::{FromScalar, Scalar, Written};

/// Where something stands in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// How many characters are meant.
    pub length: usize,
}

impl From<serde_saphyr::Location> for Place {
    fn from(location: serde_saphyr::Location) -> Self {
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let length = number(location.span().len());
        Self { line: number(location.line()), column: number(location.column()), length }
    }
}

/// A part of a file and where it begins.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The part.
    pub value: T,
    /// Where.
    pub place: Place,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { value: spanned.value, place: spanned.referenced.into() })
    }
}

/// For optional fields: `field:` with nothing behind it is a mistake, not an absent field.
///
/// Use as `#[serde(default, deserialize_with = "yaml_file::present")]`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// One value, or a mapping that says more.
#[derive(Clone, Debug)]
pub enum OneOr<T, M> {
    /// The value alone.
    One(Scalar<T>),
    /// The mapping.
    Mapping(Located<M>),
}

impl<'de, T: FromScalar, M: Deserialize<'de>> Deserialize<'de> for OneOr<T, M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Either<T, M>>::deserialize(deserializer)?;
        let place = spanned.referenced.into();
        Ok(match spanned.value {
            Either::One(meaning) => Self::One(Scalar { meaning, place }),
            Either::Mapping(value) => Self::Mapping(Located { value, place }),
        })
    }
}

impl<'de, T: FromScalar> Deserialize<'de> for Scalar<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match OneOr::<T, AnyMapping>::deserialize(deserializer)? {
            OneOr::One(scalar) => scalar,
            OneOr::Mapping(located) => {
                Self { meaning: T::from_scalar(Written::Other("a mapping")), place: located.place }
            }
        })
    }
}

/// A mapping where none should be.
struct AnyMapping;

impl<'de> Deserialize<'de> for AnyMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|IgnoredAny| Self)
    }
}

enum Either<T, M> {
    One(Result<T, crate::Complaint>),
    Mapping(M),
}

impl<'de, T: FromScalar, M: Deserialize<'de>> Deserialize<'de> for Either<T, M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EitherVisitor(PhantomData))
    }
}

struct EitherVisitor<T, M>(PhantomData<(T, M)>);

impl<T: FromScalar, M> EitherVisitor<T, M> {
    #[expect(clippy::unnecessary_wraps, reason = "what a visitor answers")]
    fn one<E>(written: Written<'_>) -> Result<Either<T, M>, E> {
        Ok(Either::One(T::from_scalar(written)))
    }
}

impl<'de, T: FromScalar, M: Deserialize<'de>> Visitor<'de> for EitherVisitor<T, M> {
    type Value = Either<T, M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Self::one(Written::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "settings count far below 2^53")]
        Self::one(Written::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "settings count far below 2^53")]
        Self::one(Written::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Self::one(Written::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Self::one(Written::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Self::one(Written::Other("nothing"))
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Self::one(Written::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        M::deserialize(MapAccessDeserializer::new(map)).map(Either::Mapping)
    }
}
