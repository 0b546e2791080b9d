//! The `spotcheck` program.

fn main() -> std::process::ExitCode {
    spotcheck_cli::main()
}
