#![doc = include_str!("../README.md")]

mod failure;
mod fairly;
mod page;
mod plan;
mod queue;
mod wanted;
mod writer;

pub use failure::{Failure, refusal};
pub use fairly::Fairly;
pub use page::Page;
pub use plan::{Content, EntryRow, Head, Known, Plan, SampleRow, json, links, state_name};
pub use queue::{Answer, Queues, Request, Work};
pub use wanted::{event_ids, sample_keys, sample_times, subjects_of_group};
pub use writer::{Store, Writer};
