//! The window: the same core and the same screens as in a browser, with files, keys and clock of the
//! operating system. Thin: it passes calls on and decides nothing.
//!
//! A page has the commands of [`commands`] and the `photo:` scheme, nothing else: no plugin, no file
//! system, no shell (`capabilities/main.json`).
#![allow(clippy::disallowed_methods, reason = "a host: this is where files come from")]

mod commands;
mod failure;
mod held;
mod incoming;
mod pages;
mod photos;
#[cfg(desktop)]
mod screens;

use std::path::PathBuf;
use std::process::ExitCode;

use tauri::{Builder, Manager as _, WebviewWindowBuilder, Wry};

use held::Held;

/// Runs the program until its window is closed.
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = say(&format!("spotcheck-app: {why}"));
            ExitCode::FAILURE
        }
    }
}

/// Where a phone's system begins.
#[cfg(mobile)]
#[tauri::mobile_entry_point]
fn start() {
    main();
}

fn run() -> tauri::Result<()> {
    Builder::<Wry>::new()
        .register_asynchronous_uri_scheme_protocol("photo", |app, request, responder| {
            let held = app.app_handle().state::<Held>().inner().clone();
            tauri::async_runtime::spawn_blocking(move || {
                responder.respond(photos::answer(&held, &request));
            });
        })
        .invoke_handler(tauri::generate_handler![
            commands::open,
            commands::call,
            commands::enrol,
            commands::sync,
            commands::cancel_sync,
            commands::team,
            commands::photo_begin,
            commands::photo_piece,
            commands::photo_end,
        ])
        .setup(|app| {
            app.manage(Held::new(home(app)?));
            let window = app.config().app.windows.first().cloned().unwrap_or_default();
            let window = WebviewWindowBuilder::from_config(app.handle(), &window)?
                .on_navigation(pages::is_ours)
                .on_permission_request(|webview, asked| pages::may_use(&webview, asked))
                .build()?;
            #[cfg(target_os = "linux")]
            pages::have_camera_and_microphone(&window)?;
            #[cfg(not(target_os = "linux"))]
            drop(window);
            Ok(())
        })
        .run(context())
}

/// The settings, with the screens: of a folder where one is found, else those built in.
fn context() -> tauri::Context {
    #[allow(unused_mut, reason = "a phone has the screens in the program")]
    let mut context = tauri::generate_context!();
    #[cfg(desktop)]
    if let Some(screens) = screens::Folder::find() {
        context.set_assets(Box::new(screens));
    }
    context
}

/// The device's folder on Android: below the one that the system leaves out of every backup, so that a
/// restored phone is a new device and never a second one with the same keys.
#[cfg(target_os = "android")]
fn home(app: &tauri::App) -> tauri::Result<PathBuf> {
    Ok(app.path().app_data_dir()?.join("no_backup").join("device"))
}

/// The device's folder: `SPOTCHECK_HOME` as for the command line, else the platform's for data.
#[cfg(not(target_os = "android"))]
fn home(app: &tauri::App) -> tauri::Result<PathBuf> {
    let named = std::env::var_os("SPOTCHECK_HOME").filter(|it| !it.is_empty());
    named.map_or_else(|| app.path().app_data_dir(), |it| Ok(PathBuf::from(it)))
}

/// To whoever started it from a terminal; a closed one is not worth a word.
fn say(words: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    writeln!(std::io::stderr(), "{words}")
}
