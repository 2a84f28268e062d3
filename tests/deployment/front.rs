//! nginx by the shipped configuration.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::{Certificate, Client, Response};
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tempfile::TempDir;
use test_support::{Nginx, free_port};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::shipped;
use crate::suite::PATIENCE;
use crate::tls::Authority;
use crate::viewer::{Viewer, Way};

/// The addresses of each dashboard's replicas.
pub(crate) struct Replicas {
    pub(crate) pulse: Vec<String>,
    pub(crate) seams: Vec<String>,
    pub(crate) voices: Vec<String>,
}

/// A running nginx, and whoever believes its certificate.
pub(crate) struct Front {
    /// As a browser sees it, e.g. `https://localhost:443`.
    pub(crate) url: String,
    /// Where it listens.
    pub(crate) address: String,
    /// Without TLS.
    pub(crate) plain: String,
    pub(crate) client: Client,
    tls: Arc<ClientConfig>,
    _nginx: Nginx,
    authority: Authority,
    folder: TempDir,
}

impl Front {
    /// Opens it, with these words changed in its configuration besides addresses and paths.
    pub(crate) async fn open(replicas: &Replicas, words: &[(&str, &str)]) -> Self {
        test_support::use_tls();
        let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
        // The workers of nginx are nobody in particular where we are root.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let there = folder.path().join("nginx");
        shipped::copy(&shipped::path("deploy/nginx"), &there);
        shipped::copy(&shipped::path("docs/runbooks"), &there.join("share/runbooks"));
        std::fs::create_dir(there.join("cache")).unwrap();
        let [port, plain] = [free_port().unwrap(), free_port().unwrap()];
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let servers = |addresses: &[String]| {
            let server = |address: &String| format!("server {address} max_fails=1 fail_timeout=5s;");
            addresses.iter().map(server).collect::<String>()
        };
        let own = [
            ("server pulse:3001 max_fails=1 fail_timeout=5s;", servers(&replicas.pulse)),
            ("server seams:3002 max_fails=1 fail_timeout=5s;", servers(&replicas.seams)),
            ("server voices:3003 max_fails=1 fail_timeout=5s;", servers(&replicas.voices)),
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
            client: client(&authority),
            tls: tls(&authority),
            _nginx: nginx,
            authority,
            folder,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// Opens a socket as a page of `origin` does; the status, where that is refused.
    pub(crate) async fn connect(&self, path: &str, origin: &str) -> Result<Viewer, u16> {
        Viewer::over(self.tls().await, &self.way(path).url, origin).await
    }

    /// How a socket at this path is reached.
    pub(crate) fn way(&self, path: &str) -> Way {
        let url = format!("{}{path}", self.url.replacen("http", "ws", 1));
        Way { url, address: self.address.clone(), tls: Some(self.tls.clone()) }
    }

    /// The authority that its certificate is of.
    pub(crate) fn ca(&self) -> PathBuf {
        self.authority.file("ca.pem")
    }

    /// A connection on which nothing was said yet.
    pub(crate) async fn tls(&self) -> TlsStream<TcpStream> {
        let connection = TcpStream::connect(&self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(self.tls.clone()).connect(name, connection).await.unwrap()
    }

    /// What it wrote down of requests.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("nginx/access.log")).unwrap()
    }
}

/// All that is asked by HTTP is asked by it.
fn client(authority: &Authority) -> Client {
    let certificate = Certificate::from_pem(&std::fs::read(authority.file("ca.pem")).unwrap()).unwrap();
    let client = Client::builder().no_proxy().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
    client.tls_certs_only([certificate]).build().unwrap()
}

fn tls(authority: &Authority) -> Arc<ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.file("ca.pem")).unwrap()).unwrap();
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}
