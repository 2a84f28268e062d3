use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::suite::Suite;

/// A suite that asks everybody, and the tokens that the tests use.
pub(crate) struct Locked {
    pub(crate) suite: Suite,
    folder: tempfile::TempDir,
    store: Vec<String>,
    addresses: AtomicU32,
}

impl Locked {
    /// Over SQLite in a folder of its own.
    pub(crate) async fn start() -> Self {
        Self::over(&[]).await
    }

    /// Over a store that these settings name.
    pub(crate) async fn over(store: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let flags = [&["--set", "access.mode=locked"], store].concat();
        let suite = Suite::start(folder.path(), &flags).await;
        let store = store.iter().map(|flag| (*flag).to_owned()).collect();
        Self { suite, folder, store, addresses: AtomicU32::new(0) }
    }

    /// Runs the program over the same store.
    pub(crate) fn iskra(&self, arguments: &[&str]) -> Output {
        let path = format!("storage.path={}", self.folder.path().join("iskra.db").display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
        command.args(arguments).args(["--set", "log.filter=error", "--set", &path]).args(&self.store);
        command.current_dir(self.folder.path()).env_remove("ISKRA_CONFIG").env("USER", "root").output().unwrap()
    }

    /// The text of a new token that may these scopes.
    pub(crate) fn token(&self, name: &str, scopes: &str, more: &[&str]) -> String {
        let output = self.iskra(&[&["token", "create", name, "--scope", scopes], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn revoke(&self, token: &str) {
        let output = self.iskra(&["token", "revoke", token.split('_').nth(1).unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A request from an address that nobody had before: nobody else's failures count.
    pub(crate) fn request(&self, method: &str, url: &str) -> RequestBuilder {
        let address = std::net::Ipv4Addr::from(0x0a00_0000 + self.addresses.fetch_add(1, Ordering::Relaxed));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.suite.client.request(method, url).header("x-forwarded-for", address.to_string())
    }

    /// The cookie of a new session.
    pub(crate) async fn log_in(&self, token: &str) -> String {
        let url = format!("{}/api/v1/session", self.suite.pulse);
        let answer = self.request("POST", &url).json(&json!({ "token": token })).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
        cookie(&answer)
    }

    pub(crate) fn database(&self) -> PathBuf {
        Path::new(self.folder.path()).join("iskra.db")
    }
}

/// The cookie that an answer sets, as a browser sends it back.
pub(crate) fn cookie(answer: &Response) -> String {
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// The status of an answer, and the code of its problem.
pub(crate) async fn outcome(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let challenge = answer.headers().get("www-authenticate").cloned();
    assert_eq!(challenge.is_some_and(|challenge| challenge == "Bearer"), status == 401, "{status}");
    let body: Value = answer.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}
