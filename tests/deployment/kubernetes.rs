//! What is deployed in a cluster is what the rest of `deploy/` and the settings say; `scripts/check-kubernetes` holds it against the
//! schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shipped;

const FOLDER: &str = "deploy/kubernetes/base";
/// Each service, its section in `ports`, and whether people reach it from outside.
const SERVICES: [(&str, &str, bool); 4] = [
    ("pulse", "pulse", true),
    ("seams", "seams", true),
    ("voices", "voices", true),
    ("slo-engine", "slo_engine", false),
];

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn settings() -> Value {
    yaml(&shipped::text("config/iskra.yml"))
}

fn kustomization() -> Value {
    yaml(&shipped::text(&format!("{FOLDER}/kustomization.yml")))
}

/// Everything that is deployed.
fn objects() -> Vec<Value> {
    let files = kustomization()["resources"].as_array().unwrap().clone();
    let texts = files.iter().map(|file| shipped::text(&format!("{FOLDER}/{}", file.as_str().unwrap())));
    texts.flat_map(|text| text.split("\n---\n").map(yaml).collect::<Vec<_>>()).collect()
}

fn object(kind: &str, name: &str) -> Value {
    let is_it = |object: &Value| object["kind"] == kind && object["metadata"]["name"] == name;
    objects().into_iter().find(is_it).unwrap_or_else(|| panic!("there is no {kind} {name}"))
}

/// What is said of each pod, with the name of what makes it.
fn pods() -> Vec<(String, Value)> {
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
    objects().iter().filter_map(|object| Some((name(object), object.pointer("/spec/template/spec")?.clone()))).collect()
}

fn seconds(text: &Value) -> u64 {
    text.as_str().and_then(|text| text.strip_suffix('s')).unwrap().parse().unwrap()
}

#[test]
fn every_file_is_deployed() {
    let listed = kustomization()["resources"].as_array().unwrap().clone();
    let listed: BTreeSet<_> = listed.iter().map(|file| file.as_str().unwrap().to_owned()).collect();
    let there = shipped::files(FOLDER).into_iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned());
    let there: BTreeSet<_> = there.filter(|file| file.ends_with(".yml") && file != "kustomization.yml").collect();
    assert_eq!(listed, there);
}

#[test]
fn each_service_listens_answers_and_leaves_as_it_says() {
    let (settings, nginx) = (settings(), shipped::text("deploy/nginx/nginx.conf"));
    for (name, section, is_outside) in SERVICES {
        let port = &settings["ports"][section];
        let deployment = object("Deployment", name);
        let pod = &deployment["spec"]["template"]["spec"];
        let container = &pod["containers"][0];
        assert_eq!(container["args"], json!(["serve", name, "--config", "/etc/iskra"]), "{name}");
        assert_eq!(container["ports"], json!([{"name": "http", "containerPort": port}]), "{name}");
        assert_eq!(nginx.contains(&format!("server {name}:{port} ")), is_outside, "{name}");
        for (probe, path) in
            [("startupProbe", "/-/healthy"), ("livenessProbe", "/-/healthy"), ("readinessProbe", "/-/ready")]
        {
            assert_eq!(container[probe]["httpGet"], json!({"path": path, "port": "http"}), "{name}: {probe}");
        }
        // It waits a minute for its database before it gives up.
        let start = &container["startupProbe"];
        assert!(start["periodSeconds"].as_u64().unwrap() * start["failureThreshold"].as_u64().unwrap() > 60, "{name}");
        // It ends within 4 s after the grace.
        let leaving = container.pointer("/lifecycle/preStop/sleep/seconds").unwrap().as_u64().unwrap();
        let needs = leaving + seconds(&settings["shutdown"]["grace"]) + 4;
        assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() > needs, "{name}");

        let is_ours = json!({"app.kubernetes.io/name": name});
        assert_eq!(deployment["spec"]["selector"]["matchLabels"], is_ours, "{name}");
        assert_eq!(deployment["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"], name);
        let service = object("Service", name);
        assert_eq!(service["spec"]["selector"], is_ours, "{name}");
        assert_eq!(service["spec"]["ports"], json!([{"name": "http", "port": port, "targetPort": "http"}]), "{name}");
        let budget = object("PodDisruptionBudget", name);
        assert_eq!(budget["spec"], json!({"maxUnavailable": 1, "selector": {"matchLabels": is_ours}}), "{name}");
    }
    assert_eq!(object("Job", "migrate").pointer("/spec/template/spec/containers/0/args"), Some(&json!(["migrate"])));
}

#[test]
fn no_pod_may_more_than_it_needs() {
    let namespace = object("Namespace", "iskra");
    assert_eq!(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted");
    assert_eq!(pods().len(), SERVICES.len() + 1);
    for (name, pod) in pods() {
        assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{name}");
        assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault", "{name}");
        assert_eq!(pod["containers"].as_array().unwrap().len(), 1, "{name}");
        let container = &pod["containers"][0];
        let needs = json!({
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
        });
        assert_eq!(container["securityContext"], needs, "{name}");
        assert_eq!(container["resources"]["limits"], json!({"memory": "512Mi"}), "{name}");
        assert_eq!(container["image"], "iskra", "{name}: the image is named in the kustomization");
        let volumes: Vec<_> = pod["volumes"].as_array().unwrap().iter().map(|volume| &volume["name"]).collect();
        let mounts = container["volumeMounts"].as_array().unwrap();
        assert_eq!(mounts.iter().map(|mount| &mount["name"]).collect::<Vec<_>>(), volumes, "{name}");
        assert!(mounts.iter().all(|mount| mount["readOnly"] == true), "{name}");
    }
    let tag = format!("v{}", env!("CARGO_PKG_VERSION"));
    for folder in [FOLDER, "deploy/kubernetes/overlays/example"] {
        let images = yaml(&shipped::text(&format!("{folder}/kustomization.yml")))["images"].clone();
        assert_eq!((&images[0]["name"], &images[0]["newTag"]), (&json!("iskra"), &json!(tag)), "{folder}");
    }
}

#[test]
fn what_is_set_is_known_and_secrets_are_where_it_says() {
    let (settings, text) = (settings(), shipped::text(&format!("{FOLDER}/settings.env")));
    let example = shipped::text("deploy/kubernetes/overlays/example/kustomization.yml");
    let lines = text.lines().filter(|line| line.starts_with("ISKRA__")).chain(shipped::named(&example, "- ISKRA__"));
    let mut files = BTreeSet::new();
    for line in lines {
        let (variable, value) = line.strip_prefix("ISKRA__").unwrap_or(line).split_once('=').unwrap();
        let key = variable.strip_suffix("_FILE").unwrap_or(variable);
        let path = format!("/{}", key.to_lowercase().replace("__", "/"));
        assert!(settings.pointer(&path).is_some(), "{variable} is no setting");
        if key != variable {
            files.insert(value.to_owned());
        }
    }
    for (name, pod) in pods() {
        let sources = pod.pointer("/volumes/0/projected/sources").unwrap().as_array().unwrap().clone();
        let items = sources.iter().filter_map(|source| source["secret"]["items"][0]["path"].as_str());
        let folder = pod.pointer("/containers/0/volumeMounts/0/mountPath").unwrap().as_str().unwrap();
        let there: BTreeSet<_> = items.map(|item| format!("{folder}/{item}")).collect();
        assert_eq!(files, there, "{name}");
    }
}

#[test]
fn autoscalers_ask_for_what_is_told_and_stay_within_what_helps() {
    let (settings, told) = (settings(), shipped::text("docs/operations.md"));
    let adapter = yaml(&shipped::text("deploy/kubernetes/monitoring/adapter.yml"));
    for (name, _, is_dashboard) in SERVICES {
        let spec = object("HorizontalPodAutoscaler", name)["spec"].clone();
        assert_eq!(spec["scaleTargetRef"]["name"], name);
        assert!(spec["minReplicas"].as_u64() >= Some(2), "{name}");
        let metrics = spec["metrics"].as_array().unwrap();
        if is_dashboard {
            let viewers = metrics.iter().find(|metric| metric["type"] == "Pods").unwrap()["pods"].clone();
            let metric = viewers["metric"]["name"].as_str().unwrap();
            assert!(told.contains(&format!("| `{metric}` |")), "{metric}");
            assert!(adapter["rules"][0]["seriesQuery"].as_str().unwrap().starts_with(metric));
            let most = viewers["target"]["averageValue"].as_str().unwrap().parse::<u64>().unwrap();
            assert_eq!(most * 2, settings["sockets"]["max"], "{name}");
        } else {
            assert!(spec["maxReplicas"].as_u64() <= settings["storage"]["partitions"].as_u64(), "{name}");
            let rule = &adapter["externalRules"][0];
            assert_eq!(metrics[0]["external"]["metric"]["name"], rule["name"]["as"]);
            let recorded = format!("- record: {}\n", rule["seriesQuery"].as_str().unwrap());
            assert!(shipped::text("deploy/prometheus/rules/engine.yml").contains(&recorded), "{recorded}");
        }
    }
    // Prometheus gives each pod the name of the job that its rules know.
    let jobs = shipped::text("deploy/kubernetes/monitoring/prometheus.yml");
    assert!(jobs.contains(&format!("regex: {},", SERVICES.map(|(name, ..)| name).join("|"))));
}

#[test]
fn only_the_dashboards_are_reached_from_outside_and_only_what_pages_and_producers_need() {
    assert_eq!(
        object("NetworkPolicy", "nobody")["spec"],
        json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    );
    let all: Vec<_> = SERVICES.iter().map(|(name, ..)| json!(name)).collect();
    for (policy, served) in [("from-gateway", &all[..3]), ("from-monitoring", &all)] {
        let spec = object("NetworkPolicy", policy)["spec"].clone();
        assert_eq!(spec["podSelector"]["matchExpressions"][0]["values"], json!(served), "{policy}");
        assert_eq!(spec["ingress"][0]["ports"], json!([{"protocol": "TCP", "port": "http"}]), "{policy}");
    }
    let routes = shipped::text("deploy/kubernetes/overlays/example/routes.yml");
    let routes: Vec<_> = routes.split("\n---\n").map(yaml).collect();
    assert_eq!(routes.len(), 3);
    for (route, (name, section, _)) in routes.iter().zip(SERVICES) {
        let rules = route["spec"]["rules"].as_array().unwrap();
        let mut paths = BTreeSet::new();
        for rule in rules.iter().filter(|rule| !rule["backendRefs"].is_null()) {
            assert_eq!(rule["backendRefs"], json!([{"name": name, "port": settings()["ports"][section]}]));
            let path = rule["matches"][0]["path"]["value"].as_str().unwrap();
            let rewritten = rule.pointer("/filters/0/urlRewrite/path").unwrap();
            let inside = rewritten["replacePrefixMatch"].as_str().or(rewritten["replaceFullPath"].as_str()).unwrap();
            assert_eq!(path, format!("/{name}{inside}"));
            paths.insert(inside.to_owned());
        }
        assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), ["/", "/api", "/assets", "/realtime", "/ws"]);
    }
}
