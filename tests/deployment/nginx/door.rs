//! nginx by the shipped configuration, and what is behind it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::{Certificate, Client, Response};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::json;
use tempfile::TempDir;
use test_support::{Database, Nginx, Postgres, free_port};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::super::shipped;
use crate::production::service::Service;
use crate::suite::{PATIENCE, eventually};
use crate::tls::Authority;
use crate::viewer::Viewer;

/// What is behind the door.
pub(super) enum Behind {
    /// Two Pulses, and the other dashboards.
    Everything,
    /// Two Pulses.
    Pulse,
    /// One Pulse, and another at this address.
    With(String),
}

pub(super) struct Door {
    /// As a browser sees it, e.g. `https://localhost:443`.
    pub(super) url: String,
    /// Where it listens.
    pub(super) address: String,
    /// Without TLS.
    pub(super) plain: String,
    pub(super) client: Client,
    pub(super) pulses: Vec<Service>,
    _nginx: Nginx,
    _others: Vec<Service>,
    _database: Database,
    authority: Authority,
    folder: TempDir,
}

impl Door {
    /// Opens it, with these words changed in its configuration besides addresses and paths.
    pub(super) async fn start(behind: Behind, words: &[(&str, &str)]) -> Self {
        let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
        // The workers of nginx are nobody in particular where we are root.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let database = Postgres::shared_database().await.unwrap();
        let certificate = Certificate::from_pem(&std::fs::read(authority.file("ca.pem")).unwrap()).unwrap();
        test_support::use_tls();
        let client = Client::builder().no_proxy().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        let client = client.tls_certs_only([certificate]).build().unwrap();

        let settings = [("storage.url", &*database), ("host_probe.enabled", "false")];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let serve = |service: &str, name: &str| Service::start(&client, folder.path(), service, name, &settings);
        let others = match behind {
            Behind::Everything => vec![serve("seams", "seams"), serve("voices", "voices")],
            _ => Vec::new(),
        };
        let pulses = match behind {
            Behind::With(_) => vec![serve("pulse", "pulse-1")],
            _ => vec![serve("pulse", "pulse-1"), serve("pulse", "pulse-2")],
        };
        for service in pulses.iter().chain(&others) {
            service.ready().await;
        }
        let mut addresses: Vec<_> = pulses.iter().map(address).collect();
        if let Behind::With(another) = behind {
            addresses.push(another);
        }
        let server = |address: &String| format!("server {address} max_fails=1 fail_timeout=5s;");
        let servers = addresses.iter().map(server).collect::<String>();
        let [seams, voices] = [0, 1].map(|index| others.get(index).map_or_else(|| addresses[0].clone(), address));

        let there = folder.path().join("nginx");
        shipped::copy(&shipped::path("deploy/nginx"), &there);
        shipped::copy(&shipped::path("docs/runbooks"), &there.join("share/runbooks"));
        std::fs::create_dir(there.join("cache")).unwrap();
        let [port, plain] = [free_port().unwrap(), free_port().unwrap()];
        let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
        let own = [
            ("server pulse:3001 max_fails=1 fail_timeout=5s;", servers),
            ("seams:3002", seams),
            ("voices:3003", voices),
            ("listen 443 ssl", format!("listen 127.0.0.1:{port} ssl")),
            ("listen 80 default_server", format!("listen 127.0.0.1:{plain} default_server")),
            ("server_name iskra.example.com", "server_name localhost".to_owned()),
            ("/etc/nginx/tls/iskra.pem", text(authority.file("server.pem"))),
            ("/etc/nginx/tls/iskra.key", text(authority.file("server.key"))),
            ("/var/cache/nginx", text(there.join("cache"))),
            ("/usr/share/iskra", text(there.join("share"))),
        ];
        let configuration = there.join("nginx.conf");
        shipped::rewrite(&configuration, &own);
        shipped::rewrite(&configuration, words);
        let plain = format!("http://127.0.0.1:{plain}");
        let nginx = Nginx::start(&configuration, &format!("{plain}/health")).await.unwrap();
        Self {
            url: format!("https://localhost:{port}"),
            address: format!("127.0.0.1:{port}"),
            plain,
            client,
            pulses,
            _nginx: nginx,
            _others: others,
            _database: database,
            authority,
            folder,
        }
    }

    pub(super) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// Sends a sample of now.
    pub(super) async fn send(&self, subject: &str, pain: f64) -> Response {
        let url = format!("{}/pulse/api/v1/samples", self.url);
        self.client.post(url).json(&json!({"subject": subject, "pain": pain})).send().await.unwrap()
    }

    /// The same, which is taken.
    pub(super) async fn push(&self, subject: &str, pain: f64) {
        let answer = self.send(subject, pain).await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    /// Waits until a dashboard has heard of a subject: replicas hear of what others took a moment later.
    pub(super) async fn knows(&self, page: &str, subject: &str) {
        let path = format!("/{page}/api/v1/subjects/{subject}");
        eventually(&path, async || (self.get(&path).await.status() == 200).then_some(())).await;
    }

    /// Opens a socket as a page of `origin` does; the status, where that is refused.
    pub(super) async fn connect(&self, path: &str, origin: &str) -> Result<Viewer, u16> {
        Viewer::over(self.tls().await, &format!("{}{path}", self.url.replacen("http", "ws", 1)), origin).await
    }

    /// The authority that its certificate is of.
    pub(super) fn ca(&self) -> PathBuf {
        self.authority.file("ca.pem")
    }

    /// A connection on which nothing was said yet.
    pub(super) async fn tls(&self) -> TlsStream<TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.authority.file("ca.pem")).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let connection = TcpStream::connect(&self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, connection).await.unwrap()
    }

    /// What it wrote down of requests.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("nginx/access.log")).unwrap()
    }
}

fn address(service: &Service) -> String {
    service.url.trim_start_matches("http://").to_owned()
}
