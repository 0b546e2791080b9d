use std::collections::BTreeSet;

use serde_json::Value;

use super::support::{Running, quick};
use crate::http::document;
use crate::http::routes::ROUTES;

fn operations() -> Vec<(String, String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    all.collect()
}

#[test]
fn routes_and_document_are_the_same_and_every_operation_is_described() {
    let routes: BTreeSet<_> =
        ROUTES.iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    let documented: BTreeSet<_> =
        operations().into_iter().map(|(method, path, _)| (method, path)).collect();
    assert_eq!(routes, documented);
    assert_eq!(routes.len(), ROUTES.len(), "a route is there twice");
    for (method, path, operation) in operations() {
        let at = format!("{method} {path}");
        let described = operation["summary"].as_str().is_some_and(|summary| !summary.is_empty());
        assert!(described, "{at} has no description in operations.rs");
        let mut statuses = operation["responses"].as_object().unwrap().keys();
        assert!(statuses.any(|status| status.starts_with('2')), "{at} never succeeds");
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let named = operation["parameters"].to_string().to_lowercase();
            assert!(named.contains(&format!("/{name}\"")), "{at}: {name} is not a parameter");
        }
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = document();
    let mut waiting = vec![&document];
    while let Some(value) = waiting.pop() {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
        match value {
            Value::Array(values) => waiting.extend(values),
            Value::Object(values) => waiting.extend(values.values()),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_answered_with_a_status_that_the_document_names() {
    let server = Running::start(quick()).await;
    for (method, path, operation) in operations() {
        let at = path.replace("{id}", &"0".repeat(32)).replace("{sha256}", &"0".repeat(64));
        let request = format!(
            "{method} {at} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        let answer = server.send(request.as_bytes()).await;
        let documented = &operation["responses"][answer.status.to_string()];
        assert!(documented.is_object(), "{method} {path}: {} is not documented", answer.status);
        assert!(![404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
    }
    let served = server.send(b"GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(serde_json::from_slice::<Value>(&served.body).unwrap(), document());
    let metrics = server.send(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let metrics = String::from_utf8(metrics.body).unwrap();
    let push = "spotcheck_requests_total{route=\"push\",status=\"401\"} 1";
    assert!(metrics.contains(push) && metrics.contains("spotcheck_deliveries 2"), "{metrics}");
}
