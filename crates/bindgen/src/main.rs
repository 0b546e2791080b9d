//! Turns the core for browsers into a module and the JavaScript around it.
//!
//! As a program of ours, because the glue must be made by exactly the version that the core was
//! compiled against: both stand in one lock file, and nothing needs installing.
#![allow(clippy::print_stderr, reason = "a command line talks")]

use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = args.as_slice() else {
        eprintln!("usage: bindgen MODULE.wasm FOLDER");
        return ExitCode::from(2);
    };
    match glue(Path::new(module), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bindgen: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Written for a `<script type="module">` and for module workers.
fn glue(module: &Path, folder: &Path) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(true).omit_default_module_path(false);
    // A quarter of the module, and nobody reads a stack of it.
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)).map_err(|e| format!("{e:#}"))
}
