use super::{DEADLINE, Running, problem, service};
use crate::Limits;

#[tokio::test]
async fn every_error_is_a_problem() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let problems = [
        problem(running.get("/elsewhere").await).await,
        problem(running.post("/panic", "").await).await,
        problem(running.get("/number/many").await).await,
        problem(running.post("/number", "{").await).await,
        problem(running.post("/number", "\"many\"").await).await,
        problem(running.get("/ws").await).await,
    ];
    insta::assert_json_snapshot!(problems);
    running.stop().await;
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_told_which_are() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let response = running.get("/number").await;
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(problem(response).await["code"], "method_not_allowed");
    running.stop().await;
}

#[tokio::test]
async fn what_went_wrong_inside_is_hidden_and_the_service_goes_on() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    for path in ["/fails", "/panic"] {
        let problem = problem(running.get(path).await).await;
        assert_eq!((&problem["code"], &problem["status"]), (&"internal".into(), &500.into()));
        assert!(!problem.to_string().contains("1234") && !problem.to_string().contains("cat"), "{problem}");
    }
    assert_eq!(running.get("/number/7").await.text().await.unwrap(), "7");
    running.stop().await;
}

#[tokio::test]
async fn responses_carry_a_request_id_and_say_how_to_treat_them() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    for path in ["/number/7", "/panic", "/elsewhere"] {
        let response = running.get(path).await;
        let headers = response.headers();
        assert_eq!(headers["x-request-id"].len(), 36, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    running.stop().await;
}

#[tokio::test]
async fn long_texts_are_compressed_for_those_who_can_read_it() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let url = format!("http://{}/long", running.address);
    let response = running.client.get(&url).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.bytes().await.unwrap().len() < 500);
    let response = running.client.get(&url).header("accept-encoding", "identity").send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap().len(), 5_000);
    running.stop().await;
}
