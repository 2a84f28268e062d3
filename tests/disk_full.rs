//! The disk is full: nothing that was acknowledged is lost, producers are told, and once there is space it goes on by
//! itself.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::SystemTime;

use bus_local::SilentBus;
use domain::Timestamp;
use durable_log::Log as _;
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use rules::Rules;
use serde_json::{Value, json};

use crate::production::{Audit, Book, eager_door, goes_red};
use crate::suite::{Suite, eventually};

/// The size of the disk.
const DISK: &str = "8m";
/// Samples in one request.
const BATCH: i64 = 100;

/// What starts a program with a small disk of its own at `folder`: nobody else sees it, and it goes when the program
/// ends. Root may have one just so; others need a world in which they are root.
fn with_small_disk(folder: &Path) -> Command {
    let options = ["-m", "-Urm"];
    let may = |options: &&&str| {
        let status = Command::new("unshare").args([**options, "mount", "-t", "tmpfs", "none"]).arg(folder).output();
        status.is_ok_and(|tried| tried.status.success())
    };
    let options = options.iter().find(may).expect(
        "this test needs a disk of its own: the right to mount (root with CAP_SYS_ADMIN) or user namespaces \
         (sysctl kernel.unprivileged_userns_clone=1); in a container: --privileged",
    );
    let mut command = Command::new("unshare");
    command.args([options, "sh", "-c", r#"mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@""#, "sh", DISK]);
    command.arg(folder);
    command
}

/// One request with samples of now.
fn batch(subject: &str) -> Vec<Value> {
    let now = Timestamp::from(SystemTime::now()).as_micros();
    let at = |index: i64| Timestamp::from_micros(now + index).to_string();
    (0..BATCH).map(|index| json!({"subject": subject, "at": at(index), "pain": 0.3, "signals": {"n": now}})).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start_by(with_small_disk(folder.path()), "0", folder.path(), &[]).await;
    // Its disk, seen from here.
    let disk = PathBuf::from(format!("/proc/{}/root", suite.id())).join(folder.path().strip_prefix("/").unwrap());
    let book = Book::default();
    let send = async |subject: &str| book.send(&suite.client, &suite.pulse, &batch(subject)).await.expect("an answer");
    assert_eq!(send("agent-1").await, 200);

    let mut ballast = File::create(disk.join("ballast")).unwrap();
    let chunk = [0; 4096];
    while ballast.write_all(&chunk).is_ok() {}
    // What SQLite has room for in its files is used up first.
    let refused = eventually("a full disk is told", async || {
        let status = send("agent-1").await;
        (status != 200).then_some(status)
    })
    .await;
    assert_eq!(refused, 503);
    assert_eq!(send("agent-2").await, 503, "it does not get better by itself");
    suite.get("/api/v1/subjects").await;
    let (trusting, door) = (Book::default(), eager_door(&suite.client, &suite.pulse).await);
    trusting.deliver(&suite.client, &[door], 0, &batch("agent-4")).await;

    drop(ballast);
    std::fs::remove_file(disk.join("ballast")).unwrap();
    for subject in ["agent-1", "agent-2"] {
        eventually("there is space again", async || (send(subject).await == 200).then_some(())).await;
    }
    suite.push_pain("agent-3", 0.95).await;
    eventually("it judges again", async || suite.alerts("?state=firing&subject=agent-3").await.into_iter().next())
        .await;

    // As a power cut would leave it.
    let ledger = book.ledger();
    let copy = tempfile::tempdir().unwrap();
    suite.pause();
    for name in ["iskra.db", "iskra.db-wal"] {
        std::fs::copy(disk.join(name), copy.path().join(name)).unwrap();
    }
    suite.kill();
    let options = SqliteOptions::new(copy.path().join("iskra.db"), 4, Arc::new(SilentBus));
    let log = SqliteLog::open(options).await.unwrap();
    let mut audit = Audit::new(4, &Arc::new(Rules::built_in()));
    audit.read(&*log).await.unwrap();
    audit.holds(&ledger).unwrap();
    assert!(ledger.acknowledged.len() < ledger.sent.len(), "some were turned away");
    goes_red("a suite that does not heed the commit", "stored: None", audit.holds(&trusting.ledger()));
    log.close().await;
}
