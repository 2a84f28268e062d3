use domain::Timestamp;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

/// Microseconds from 1970 to 2000, where PostgreSQL begins to count.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;
/// The first moment that it knows, 24 November 4714 BC, in its own count. The last one lies beyond ours.
const FIRST: i64 = -211_813_488_000_000_000;
const TIMESTAMPTZ: Oid = Oid(1184);
const TIMESTAMPTZ_ARRAY: Oid = Oid(1185);

/// A time as PostgreSQL's `timestamptz`, which is as fine as ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl Type<Postgres> for Moment {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
}

impl PgHasArrayType for Moment {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ_ARRAY)
    }
}

impl Encode<'_, Postgres> for Moment {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // Nothing was measured before it, so a question that begins earlier is the same question.
        let micros = self.0.as_micros().saturating_sub(POSTGRES_EPOCH).max(FIRST);
        Encode::<Postgres>::encode(micros, buffer)
    }

    fn size_hint(&self) -> usize {
        size_of::<i64>()
    }
}

impl Decode<'_, Postgres> for Moment {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => {
                let micros: i64 = Decode::<Postgres>::decode(value)?;
                Ok(Self(Timestamp::from_micros(micros.saturating_add(POSTGRES_EPOCH))))
            }
            PgValueFormat::Text => Err("times are read from prepared statements only".into()),
        }
    }
}
