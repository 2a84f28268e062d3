//! PostgreSQL and Redis over TLS, with certificates of an authority of one's own.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use test_support::{Postgres, RedisServer, free_port};

use crate::suite::{Suite, eventually};

/// An authority, and what it certifies: that whoever has the key is `localhost`.
pub(crate) struct Authority(TempDir);

impl Authority {
    pub(crate) fn new() -> Self {
        let authority = Self(tempfile::tempdir().unwrap());
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        authority.openssl(
            &["req", "-x509", "-days", "2", "-subj", "/CN=Authority", "-out", "ca.pem", "-keyout", "ca.key"],
            &key,
        );
        authority.openssl(&["req", "-subj", "/CN=localhost", "-out", "server.csr", "-keyout", "server.key"], &key);
        std::fs::write(authority.file("names"), "subjectAltName=DNS:localhost").unwrap();
        let sign = ["x509", "-req", "-days", "2", "-in", "server.csr", "-out", "server.pem", "-extfile", "names"];
        authority.openssl(&sign, &["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]);
        authority.let_servers_read();
        authority
    }

    fn openssl(&self, arguments: &[&str], further: &[&str]) {
        let output = Command::new("openssl").args(arguments).args(further).current_dir(self.0.path()).output();
        let output = output.expect("openssl is missing: get it with `apt-get install openssl`");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Servers run as users of their own where we are root, and insist that a key is theirs alone.
    fn let_servers_read(&self) {
        let is_root = std::fs::metadata(self.0.path()).unwrap().uid() == 0;
        let run = |program: &str, arguments: &[&str]| {
            assert!(Command::new(program).args(arguments).current_dir(self.0.path()).status().unwrap().success());
        };
        run("chmod", &["600", "server.key"]);
        if is_root {
            run("chmod", &["755", "."]);
            run("chown", &["postgres", "server.key"]);
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn setting(&self, name: &str, file: &str) -> String {
        format!("{name}={}", self.file(file).display())
    }

    async fn postgres(&self) -> Postgres {
        let files = [self.setting("ssl_cert_file", "server.pem"), self.setting("ssl_key_file", "server.key")];
        Postgres::start_with(&["ssl=on", &files[0], &files[1]]).await.unwrap()
    }

    /// One that listens with TLS on the port besides.
    async fn redis(&self) -> (RedisServer, u16) {
        let port = free_port().unwrap();
        let [certificate, key, ca] =
            ["server.pem", "server.key", "ca.pem"].map(|file| self.file(file).display().to_string());
        let port_text = port.to_string();
        let tls = ["--tls-port", &port_text, "--tls-auth-clients", "no", "--tls-cert-file", &certificate];
        let keys = ["--tls-key-file", &key, "--tls-ca-cert-file", &ca];
        (RedisServer::start_with(&[&tls[..], &keys[..]].concat()).await.unwrap(), port)
    }
}

/// A suite whose process believes these authorities alone; those of the system without.
async fn start(data: &Path, authorities: Option<&Path>, settings: [&str; 2]) -> Suite {
    let mut launcher = Command::new("env");
    launcher.args(authorities.map(|file| format!("SSL_CERT_FILE={}", file.display())));
    Suite::start_by(launcher, "0", data, &["--set", settings[0], "--set", settings[1]]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_are_believed_when_their_authority_is() {
    let authority = Authority::new();
    let (postgres, (_redis, redis_port)) = (authority.postgres().await, authority.redis().await);
    let plain = postgres.create_database().await.unwrap().replace("127.0.0.1", "localhost");
    let storage = format!("storage.url={plain}?sslmode=verify-full");
    let bus = format!("bus.redis=rediss://localhost:{redis_port}");

    let data = tempfile::tempdir().unwrap();
    let suite = start(data.path(), Some(&authority.file("ca.pem")), [&storage, &bus]).await;
    let ready = suite.get("/-/ready").await;
    assert!(ready["details"]["store"].as_str().unwrap().starts_with("PostgreSQL 1"), "{ready}");
    eventually("the bus is live", async || (suite.get("/-/ready").await["details"]["bus"] == "live").then_some(()))
        .await;
    suite.push_pain("agent-7", 0.3).await;
    assert_eq!(suite.stop().await, Some(0));

    // Somebody else's certificate is no reason to send anything.
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_iskra"));
    migrate.args(["migrate", "--check", "--set", &storage]).current_dir(data.path()).env_remove("ISKRA_CONFIG");
    let output = migrate.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("certificate"), "{said}");
    let data = tempfile::tempdir().unwrap();
    let suite = start(data.path(), None, ["log.filter=warn", &bus]).await;
    eventually("it does without", async || (suite.get("/-/ready").await["details"]["bus"] == "polling").then_some(()))
        .await;
}
