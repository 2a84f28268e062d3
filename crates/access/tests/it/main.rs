//! Who is let in, over a real store that can be made to fail.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

mod letting_in;
mod store;
