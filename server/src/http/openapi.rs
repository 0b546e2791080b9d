//! The OpenAPI document, made of the same table as the router.

mod operations;
mod parts;

use serde_json::{Map, Value, json};
use spotcheck_protocol::api::Response;

use super::probes::with_type;
use super::routes::ROUTES;

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in &ROUTES {
        let mut operation = operations::operation(route.id);
        operation["operationId"] = json!(route.id);
        operation["responses"]["default"] = json!({ "$ref": "#/components/responses/Problem" });
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Spotcheck sync server",
            "version": env!("CARGO_PKG_VERSION"),
            "description": parts::DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": parts::components(),
    })
}

/// The document as a response.
pub(super) fn response() -> Response {
    with_type("application/json", document().to_string())
}
