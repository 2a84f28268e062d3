//! Who may what, in the file of the log.

use durable_log_sqlite::{SqliteAccess, migrate};
use tempfile::TempDir;

async fn store() -> (SqliteAccess, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("iskra.db");
    migrate(&path).await.expect("the tables are made");
    (SqliteAccess::new(&path), folder)
}

access::access_contract!(store());
