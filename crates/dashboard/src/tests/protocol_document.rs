//! What is said of the sockets for programs to read, and whether it is so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use url::Url;

/// The document that a server serves, with the schemas of the other one that it refers to.
pub(super) struct ProtocolDocument {
    document: Value,
    validators: BTreeMap<String, Validator>,
}

/// All servers serve the same, and it takes longer to prepare than some clients may be silent.
static SERVED: OnceCell<Arc<ProtocolDocument>> = OnceCell::const_new();

impl ProtocolDocument {
    /// That of the server with this WebSocket address.
    pub(super) async fn of(server: &str) -> Arc<Self> {
        let get = async |path: &str| {
            let url = Url::parse(server).unwrap().join(path).unwrap().as_str().replacen("ws", "http", 1);
            reqwest::get(url).await.unwrap().error_for_status().unwrap().text().await.unwrap()
        };
        let read = async || {
            let openapi = serde_json::from_str(&get("/api/openapi.json").await).unwrap();
            Arc::new(Self::new(&get("/api/asyncapi.yml").await, &openapi))
        };
        Arc::clone(SERVED.get_or_init(read).await)
    }

    fn new(asyncapi: &str, openapi: &Value) -> Self {
        let here = asyncapi.replace("./openapi.json#", "#");
        let mut document: Value = serde_saphyr::from_str(&here).expect("it is YAML");
        let mut shared = openapi["components"]["schemas"].as_object().expect("it has schemas").clone();
        let own: &mut Map<String, Value> = document["components"]["schemas"].as_object_mut().expect("it has schemas");
        assert!(own.keys().all(|name| !shared.contains_key(name)), "a name means one thing");
        own.append(&mut shared);
        let kinds = document["components"]["messages"].as_object().expect("it has messages").keys();
        let validator = |kind: &String| {
            let mut schema = document.clone();
            schema["$ref"] = format!("#/components/messages/{kind}/payload").into();
            (kind.clone(), jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{kind}: {error}")))
        };
        let validators = kinds.map(validator).collect();
        Self { document, validators }
    }

    /// The types of the frames that a side may send: `receive` what clients send, `send` what the server does.
    pub(super) fn types(&self, action: &str) -> BTreeSet<String> {
        let operations = self.document["operations"].as_object().unwrap().values();
        let messages = operations.filter(|operation| operation["action"] == action);
        let messages = messages.flat_map(|operation| operation["messages"].as_array().unwrap());
        messages.map(|message| message["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    }

    /// The frames that are given as examples of a type.
    pub(super) fn examples(&self, kind: &str) -> Vec<Value> {
        let examples = self.document["components"]["messages"][kind]["examples"].as_array();
        examples.into_iter().flatten().map(|example| example["payload"].clone()).collect()
    }

    /// What is wrong with a frame; nothing, if it is as the document says.
    pub(super) fn mistakes(&self, frame: &Value) -> Vec<String> {
        let kind = frame["type"].as_str().unwrap_or_default();
        let Some(validator) = self.validators.get(kind) else { return vec![format!("`{kind}` is not described")] };
        validator.iter_errors(frame).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// Fails unless the frame is one that the server may send, as the document says.
    pub(super) fn assert_describes(&self, frame: &Value) {
        assert!(self.types("send").contains(frame["type"].as_str().unwrap_or_default()), "not described: {frame}");
        let mistakes = self.mistakes(frame);
        assert!(mistakes.is_empty(), "{mistakes:#?} in {frame:#}");
    }
}
