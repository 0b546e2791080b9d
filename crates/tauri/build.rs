//! Declares the commands, so that a page has only those that a capability names.

/// Every command of the window. `src/commands.rs` has them, `capabilities/main.json` grants them.
const COMMANDS: &[&str] = &[
    "open",
    "call",
    "enrol",
    "sync",
    "cancel_sync",
    "team",
    "photo_begin",
    "photo_piece",
    "photo_end",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(why) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
    {
        // The compiler shows this line and ends with it.
        println!("cargo::error={why:#}");
    }
}
