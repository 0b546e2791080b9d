//! The `spotcheck-app` program: the desktop's window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    spotcheck_tauri::main()
}
