//! What is at `/` when no web app is served: how to get the app.

use http::{HeaderValue, Method, header};
use spotcheck_protocol::api::Response;

const TEXT: &str = "\
飞检 Spotcheck

这是同步服务器，没有提供网页应用。
要在浏览器里使用：请管理员用 `spotcheck-server serve --web 文件夹` 启动（`cargo xtask run` 会构建它）。
命令行：spotcheck enrol '登录链接'

This is the sync server; it serves no web app.
In a browser: ask whoever runs it to start it with `spotcheck-server serve --web DIR`
(`cargo xtask run` builds the app).
On a command line: spotcheck enrol 'SIGN-IN LINK'
";

/// Answers a request for `/`.
pub(super) fn page(method: &Method, path: &str) -> Option<Response> {
    let reads = *method == Method::GET || *method == Method::HEAD;
    let mut response = (reads && path == "/").then(|| Response::new(TEXT.into()))?;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Some(response)
}
