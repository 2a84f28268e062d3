//! Who may what, in the database of the log.

use durable_log_postgres::PostgresAccess;

use crate::fixture::PostgresFixture;

async fn store() -> (PostgresAccess, PostgresFixture) {
    let fixture = PostgresFixture::new();
    let store = PostgresAccess::new(fixture.url().await).expect("an address");
    (store, fixture)
}

access::access_contract!(store());
