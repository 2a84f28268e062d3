use std::time::Duration;

use serde_json::{Value, json};

/// Sends samples until they are answered: with their times it is harmless to send them again.
pub(crate) async fn report(client: &reqwest::Client, url: &str, samples: &Value) -> reqwest::Result<Value> {
    let mut wait = Duration::from_millis(250);
    loop {
        let request = client.post(format!("{url}/api/v1/samples")).json(samples).timeout(Duration::from_secs(10));
        match request.send().await {
            // 422: all of them were refused, and the answer says why. 400: this is no sample.
            Ok(answer) if answer.status().is_success() || matches!(answer.status().as_u16(), 400 | 422) => {
                return answer.json().await;
            }
            Ok(answer) => eprintln!("Iskra answered {}", answer.status()),
            Err(error) => eprintln!("Iskra does not answer: {error}"),
        }
        tokio::time::sleep(wait).await;
        wait = (2 * wait).min(Duration::from_secs(30));
    }
}

pub(crate) fn sample(at: &str) -> Value {
    json!([{"subject": "from-rust", "at": at, "clarity": 0.8, "trust": 0.7}])
}
