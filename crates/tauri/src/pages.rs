//! Our own pages, and what they may use of the machine.

use tauri::Url;
use tauri::webview::{PermissionKind, PermissionResponse, Webview};

/// Where the screens come from, by platform.
const OURS: &[&str] = &["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"];

/// Whether an origin, as a header names it, is that of our screens.
pub(crate) fn is_our_origin(origin: &str) -> bool {
    OURS.contains(&origin)
}

/// Whether the window may go there. It shows our screens and nothing else, ever: what is granted to
/// the window is then granted to them alone.
pub(crate) fn is_ours(url: &Url) -> bool {
    // A file that a screen made, on its way to where the user keeps it.
    let made_here = url.as_str().strip_prefix("blob:").and_then(|it| Url::parse(it).ok());
    let url = made_here.as_ref().unwrap_or(url);
    let host = url.host_str().unwrap_or_default();
    url.port().is_none() && is_our_origin(&format!("{}://{host}", url.scheme()))
}

/// Camera for codes, microphone for voice notes, place for proof of place; nothing else, and only for
/// our screens. A phone's system asks its user besides.
pub(crate) fn may_use(webview: &Webview, asked: PermissionKind) -> PermissionResponse {
    let used = matches!(
        asked,
        PermissionKind::Camera | PermissionKind::Microphone | PermissionKind::Geolocation
    );
    if used && shows_ours(webview) { PermissionResponse::Allow } else { PermissionResponse::Deny }
}

#[cfg(desktop)]
fn shows_ours(webview: &Webview) -> bool {
    webview.url().is_ok_and(|url| is_ours(&url))
}

/// Android asks on the very thread that would have to say where the page is: it would wait for itself.
/// [`is_ours`] has let it go nowhere else.
#[cfg(mobile)]
fn shows_ours(_webview: &Webview) -> bool {
    true
}

/// WebKitGTK has them switched off: a page would not even find the question to ask.
#[cfg(target_os = "linux")]
pub(crate) fn have_camera_and_microphone(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt as _, WebViewExt as _};
    window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_enable_media_stream(true);
            // For tests on machines without either; never in what is shipped.
            if cfg!(debug_assertions) && std::env::var_os("SPOTCHECK_MOCK_CAPTURE").is_some() {
                settings.set_enable_mock_capture_devices(true);
            }
        }
    })
}
