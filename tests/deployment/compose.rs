//! The containers of production, as data: guarded alike, and about what is really there.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use super::shipped;

const FILE: &str = "deploy/docker-compose.production.yml";

fn compose() -> Value {
    serde_saphyr::from_str(&shipped::text(FILE)).unwrap()
}

fn services(compose: &Value) -> &Map<String, Value> {
    compose["services"].as_object().unwrap()
}

/// The texts of a list.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array().map(|list| list.iter().map(|text| text.as_str().unwrap()).collect()).unwrap_or_default()
}

/// Where a service finds its secrets, by their names.
fn secrets(service: &Value) -> BTreeMap<String, String> {
    let of = |secret: &Value| match secret.as_str() {
        Some(name) => (name.to_owned(), format!("/run/secrets/{name}")),
        None => (secret["source"].as_str().unwrap().to_owned(), secret["target"].as_str().unwrap().to_owned()),
    };
    service["secrets"].as_array().map(|secrets| secrets.iter().map(of).collect()).unwrap_or_default()
}

/// What `make secrets` makes in an empty folder, and what it says.
fn make_secrets(folder: &Path) -> String {
    let mut script = Command::new(shipped::path("scripts/make-secrets"));
    let output = script.arg(folder).env("ISKRA_HOST", "iskra.test.example.com").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The files of a folder with what is in them.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let text = |path: &Path| std::fs::read_to_string(path).unwrap();
    entries.map(|entry| (entry.file_name().into_string().unwrap(), text(&entry.path()))).collect()
}

#[test]
fn every_service_is_there_and_guarded() {
    let compose = compose();
    let names: BTreeSet<_> = services(&compose).keys().map(String::as_str).collect();
    let all = ["timescaledb", "redis", "migrate", "pulse", "seams", "voices", "slo-engine", "nginx", "prometheus"];
    assert_eq!(names, all.into_iter().chain(["alertmanager", "grafana"]).collect());
    for (name, service) in services(&compose) {
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
        assert!(service.get("cap_add").is_none() && service.get("privileged").is_none(), "{name}");
        assert_eq!(service["security_opt"], json!(["no-new-privileges:true"]), "{name}");
        assert_eq!(service["mem_limit"], "512m", "{name}");
        assert!(service["pids_limit"].is_u64() && service["logging"]["options"]["max-size"].is_string(), "{name}");
        let user = service["user"].as_str().unwrap_or_else(|| panic!("{name} runs as whoever its image says"));
        let user: u32 = user.split(':').next().unwrap().parse().unwrap();
        assert!(user > 0, "{name} runs as root");
        // It ends by itself, and others wait for that.
        let is_done_once = name == "migrate";
        let is_asked = texts(&service["healthcheck"]["test"]).first() == Some(&"CMD");
        assert!(is_asked != is_done_once, "{name}: {}", service["healthcheck"]);
        assert_eq!(service["restart"], if is_done_once { "no" } else { "unless-stopped" }, "{name}");
    }
}

#[test]
fn images_are_pinned_to_what_they_contain() {
    let is_pinned = |image: &str| {
        let Some((name, digest)) = image.split_once("@sha256:") else { return false };
        let has_version = name.rsplit('/').next().is_some_and(|last| last.contains(':') && !last.ends_with("latest"));
        has_version && digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit())
    };
    let compose = compose();
    for (name, service) in services(&compose) {
        let image = service["image"].as_str().unwrap();
        let (variable, default) = image.trim_matches(['$', '{', '}']).split_once(":-").unwrap();
        match variable {
            "ISKRA_IMAGE" => assert!(service["build"]["dockerfile"] == "deploy/Dockerfile", "{name}"),
            _ => assert!(is_pinned(default), "{name}: {default}"),
        }
    }
    let dockerfile = shipped::text("deploy/Dockerfile");
    let bases: BTreeMap<_, _> = shipped::named(&dockerfile, "ARG ").filter_map(|line| line.split_once('=')).collect();
    for base in shipped::named(&dockerfile, "FROM ${") {
        let (variable, _) = base.split_once('}').unwrap();
        assert!(is_pinned(bases[variable]), "{variable}");
    }
    let toolchain = shipped::text("rust-toolchain.toml");
    let channel = shipped::named(&toolchain, "channel = ").next().unwrap().trim_matches('"');
    assert!(bases["RUST_IMAGE"].contains(&format!("rust:{channel}-")), "{channel}");
}

#[test]
fn only_the_door_is_open_and_the_data_is_far_from_it() {
    let compose = compose();
    let published: BTreeSet<_> = services(&compose)
        .iter()
        .flat_map(|(name, service)| texts(&service["ports"]).into_iter().map(move |port| (name.as_str(), port)))
        .collect();
    let allowed = [
        ("nginx", "${ISKRA_HTTP_PORT:-80}:80"),
        ("nginx", "${ISKRA_HTTPS_PORT:-443}:443"),
        ("prometheus", "127.0.0.1:${ISKRA_PROMETHEUS_PORT:-9090}:9090"),
        ("alertmanager", "127.0.0.1:${ISKRA_ALERTMANAGER_PORT:-9093}:9093"),
        ("grafana", "127.0.0.1:${ISKRA_GRAFANA_PORT:-3000}:3000"),
    ];
    assert_eq!(published, allowed.into());
    assert!(services(&compose).values().all(|service| service.get("network_mode").is_none()));

    let on = |network: &str| -> BTreeSet<_> {
        let is_on = |service: &Value| texts(&service["networks"]).contains(&network);
        services(&compose).iter().filter(|(_, service)| is_on(service)).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(on("edge"), ["alertmanager", "grafana", "nginx", "prometheus", "slo-engine"].into());
    let data = ["timescaledb", "redis", "migrate", "pulse", "seams", "voices", "slo-engine", "grafana"];
    assert_eq!(on("data"), data.into());
    for network in ["inner", "data"] {
        assert_eq!(compose["networks"][network]["internal"], true, "{network} reaches the outside");
    }
}

#[test]
fn what_is_mounted_is_in_the_repository_and_cannot_be_changed() {
    let compose = compose();
    for (name, service) in services(&compose) {
        for volume in texts(&service["volumes"]) {
            let parts: Vec<_> = volume.split(':').collect();
            match parts[0].starts_with('.') {
                true => {
                    assert!(
                        shipped::path("deploy").join(parts[0]).exists(),
                        "{name} mounts {}, which is not there",
                        parts[0]
                    );
                    assert_eq!(parts.get(2), Some(&"ro"), "{name} may change {}", parts[0]);
                }
                false => assert!(compose["volumes"].get(parts[0]).is_some(), "{name}: {volume}"),
            }
        }
    }
}

#[test]
fn secrets_are_made_once_and_mounted_where_they_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("secrets");
    let said = make_secrets(&there);
    let made = contents(&there);
    std::fs::write(there.join("slack-webhook-url"), "https://hooks.example.com/1").unwrap();
    let said_again = make_secrets(&there);
    let mut expected = made.clone();
    expected.insert("slack-webhook-url".to_owned(), "https://hooks.example.com/1".to_owned());
    assert_eq!(contents(&there), expected, "nothing is overwritten");
    assert!(!said_again.contains("made "), "{said_again}");
    // Those that are left to be filled are named, as long as they are empty.
    let named = |said: &str, name: &str| said.contains(&format!("by a person: {}/{name}\n", there.display()));
    for (name, text) in &made {
        // One is made by `make up`, once there are tables to keep it in.
        let is_to_be_filled = text.is_empty() && name != "prometheus-token";
        assert_eq!(is_to_be_filled, named(&said, name), "{name}: {said}");
        assert!(text.is_empty() || name.starts_with("tls-") || name == "redis-users" || !text.contains('\n'), "{name}");
    }
    assert!(named(&said, "slack-webhook-url") && !named(&said_again, "slack-webhook-url"), "{said_again}");
    assert_eq!(std::fs::metadata(&there).unwrap().permissions().mode() & 0o777, 0o700, "only its owner may enter");
    let other = folder.path().join("other");
    make_secrets(&other);
    for name in made.iter().filter(|(_, text)| !text.is_empty()).map(|(name, _)| name) {
        assert_ne!(contents(&other)[name], made[name], "{name} is the same everywhere");
    }

    let compose = compose();
    let mut used = BTreeSet::new();
    for (service, secret) in services(&compose)
        .values()
        .flat_map(|service| secrets(service).into_keys().map(move |secret| (service, secret)))
    {
        assert_eq!(compose["secrets"][&secret]["file"], format!("./secrets/{secret}"), "{service}");
        assert!(made.contains_key(&secret), "`make secrets` makes no {secret}");
        used.insert(secret);
    }
    let declared: BTreeSet<_> = compose["secrets"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(used, declared);
    // Those that are a part of another one.
    assert_eq!(made.keys().filter(|name| !used.contains(*name)).collect::<Vec<_>>(), ["redis-password"]);

    let paths = |text: &str, folder: &str| -> BTreeSet<_> {
        let paths = text.match_indices(folder).map(|(begin, _)| &text[begin..]);
        paths.map(|path| path.split([' ', ';', '\n', '\'', '}']).next().unwrap().to_owned()).collect()
    };
    for (service, file, folder) in [
        ("alertmanager", "deploy/alertmanager/alertmanager.yml", "/etc/alertmanager/secrets/"),
        ("nginx", "deploy/nginx/nginx.conf", "/etc/nginx/tls/"),
    ] {
        let mounted: BTreeSet<_> = secrets(&compose["services"][service]).into_values().collect();
        assert_eq!(mounted, paths(&shipped::text(file), folder), "{service}");
    }
    let roles = shipped::text("deploy/postgres/roles.sh");
    for secret in roles.split("$(secret ").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(secrets(&compose["services"]["timescaledb"]).contains_key(secret), "{secret}");
    }
}

#[test]
fn services_are_asked_for_by_their_names_and_ports() {
    let compose = compose();
    let ports = [("pulse", 3001), ("seams", 3002), ("voices", 3003), ("slo-engine", 3004)];
    for (name, port) in ports {
        let url = &compose["services"][name]["environment"]["ISKRA_URL"];
        assert_eq!(*url, format!("http://127.0.0.1:{port}"), "{name}: where the health check asks");
    }
    let nginx = shipped::text("deploy/nginx/nginx.conf");
    let behind: BTreeSet<_> = shipped::named(&nginx, "server ").filter_map(|line| line.split_once(' ')).collect();
    let behind: BTreeSet<_> =
        behind.into_iter().map(|(address, _)| address.to_owned()).filter(|address| address.contains(':')).collect();
    assert_eq!(behind, ports[..3].iter().map(|(name, port)| format!("{name}:{port}")).collect());
    let prometheus = shipped::text("deploy/prometheus/prometheus.yml");
    let waits = |name: &str, on: &str| compose["services"][name]["depends_on"].get(on).is_some();
    for (name, port) in ports {
        assert!(prometheus.contains(&format!("'{name}:{port}'")), "{name}");
        assert!(waits(name, "migrate") && waits(name, "redis"), "{name}");
    }
    assert!(waits("migrate", "timescaledb") && ["pulse", "seams", "voices"].iter().all(|name| waits("nginx", name)));
}

#[test]
fn settings_are_such_as_iskra_knows() {
    let compose = compose();
    let folder = tempfile::tempdir().unwrap();
    make_secrets(folder.path());
    for name in ["migrate", "pulse", "seams", "voices", "slo-engine"] {
        let mut iskra = Command::new(env!("CARGO_BIN_EXE_iskra"));
        iskra.arg("config").current_dir(folder.path()).env("ISKRA_CONFIG", shipped::path("config"));
        let environment = compose["services"][name]["environment"].as_object().unwrap();
        for (variable, value) in environment.iter().filter(|(variable, _)| *variable != "ISKRA_CONFIG") {
            let value = value.as_str().unwrap().replace("/run/secrets", folder.path().to_str().unwrap());
            iskra.env(
                variable,
                value
                    .replace("${ISKRA_HOST:-iskra.example.com}", "iskra.example.com")
                    .replace("${ISKRA_LANGUAGE:-en}", "en")
                    .replace("${ISKRA_INNER_NETWORK:-10.203.41.0/24}", "10.203.41.0/24"),
            );
        }
        let output = iskra.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("postgres://iskra:***@timescaledb:5432/iskra"), "{name}: {said}");
        assert!(said.contains("bind: 0.0.0.0"), "{name}: {said}");
    }
}
