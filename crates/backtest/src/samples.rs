use std::sync::Arc;
use std::time::Duration;

use domain::{Subject, Timestamp};
use durable_log::{Log, SampleEntry, SamplesQuery};

use crate::{Error, Order, Period};

/// So much of the past is read at once: the reader is always a little ahead of who judges.
const SLICE: Duration = Duration::from_secs(3_600);
/// Most samples in one answer of the log.
const PAGE: u32 = 100_000;

/// The samples of one subject that were recorded within a period, page by page, in the order of their numbers.
pub struct Samples {
    log: Arc<dyn Log>,
    period: Period,
    query: SamplesQuery,
    /// Those that may have been measured up to here are read.
    end: Timestamp,
    order: Option<Order>,
    most: usize,
}

impl Samples {
    /// `late` is how long before its recording a sample that matters may have been measured.
    pub fn new(log: Arc<dyn Log>, subject: Subject, period: Period, late: Duration) -> Self {
        let from = period.since.minus(late);
        let query = SamplesQuery { subject, from, until: from, after: 0, limit: PAGE };
        Self {
            log,
            period,
            query,
            end: period.until.plus(Order::AHEAD),
            order: Some(Order::default()),
            most: usize::MAX,
        }
    }

    /// The same, but refused where more than so many would lie in memory together.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// The next page, which may be empty; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<SampleEntry>>, Error> {
        let Some(order) = &mut self.order else { return Ok(None) };
        let query = &mut self.query;
        let mut page = match query.until < self.end {
            true => {
                (query.from, query.after) = (query.until, 0);
                query.until = query.from.plus(SLICE).min(self.end);
                let slice = slice(&*self.log, query, self.most.saturating_sub(order.waiting())).await?;
                order.take(slice.ok_or(Error::TooMuchAtOnce { most: self.most })?, query.until)
            }
            false => self.order.take().map(Order::finish).unwrap_or_default(),
        };
        page.retain(|entry| (self.period.since..self.period.until).contains(&entry.recorded));
        Ok(Some(page))
    }
}

/// All of it, unless there is more than that.
async fn slice(log: &dyn Log, query: &mut SamplesQuery, most: usize) -> Result<Option<Vec<SampleEntry>>, Error> {
    let mut slice = log.samples(query.clone()).await.map_err(Error::Read)?;
    let mut last = slice.len();
    while last == PAGE as usize && slice.len() <= most {
        query.after = slice.last().map_or(query.after, |entry| entry.seq);
        let mut more = log.samples(query.clone()).await.map_err(Error::Read)?;
        last = more.len();
        slice.append(&mut more);
    }
    Ok((slice.len() <= most).then_some(slice))
}
