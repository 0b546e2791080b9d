//! What compiles for `wasm32-unknown-unknown` on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::say;
use crate::setup::{Tool, need};
use crate::steps::{run_command, works};
use crate::workspace::program;

const TARGET: &str = "wasm32-unknown-unknown";

/// SQLite and zstd are C: the usual compiler of a machine does not know this target.
const C: Tool = Tool {
    probe: &["clang-22", "--print-targets"],
    packages: &["clang-22"],
    needed_for: "SQLite and zstd in the browser",
};
const ARCHIVER: Tool = Tool {
    probe: &["llvm-ar-22", "--version"],
    packages: &["llvm-22"],
    needed_for: "SQLite and zstd in the browser",
};

/// Debian's compiler for web targets; it builds its standard library from source.
const DEBIAN: &[Tool] = &[
    C,
    ARCHIVER,
    Tool {
        probe: &["/usr/bin/rustc", "--version"],
        packages: &["rustc-web", "libstd-rust-web-dev"],
        needed_for: "the core for browsers",
    },
    Tool {
        probe: &["/usr/bin/cargo", "--version"],
        packages: &["cargo-web"],
        needed_for: "the core for browsers",
    },
    Tool {
        probe: &["test", "-d", "/usr/lib/rustlib/src/rust/library"],
        packages: &["rust-web-src"],
        needed_for: "the standard library for browsers",
    },
    Tool {
        probe: &["wasm-ld-22", "--version"],
        packages: &["lld-22"],
        needed_for: "linking the core for browsers",
    },
];

/// Where the compiler comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toolchain {
    /// The one that builds everything else, with a further target.
    Rustup,
    /// Debian's packages, where rustup has no network to its targets.
    Debian,
}

/// Parts of SQLite that no statement here asks for, and the count that costs a lock natively.
const SQLITE_WITHOUT: &str = "-USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION \
    -USQLITE_ENABLE_PREUPDATE_HOOK -USQLITE_ENABLE_DBPAGE_VTAB -USQLITE_ENABLE_DBSTAT_VTAB \
    -USQLITE_ENABLE_BYTECODE_VTAB -USQLITE_ENABLE_STMTVTAB -USQLITE_ENABLE_MATH_FUNCTIONS \
    -USQLITE_ENABLE_UNLOCK_NOTIFY -USQLITE_ENABLE_OFFSET_SQL_FUNC -USQLITE_ENABLE_API_ARMOR \
    -USQLITE_ENABLE_COLUMN_METADATA -DSQLITE_DEFAULT_MEMSTATUS=0";
/// Strategies of zstd above the one that compresses a phone's few kilobytes nearly as well.
const ZSTD_WITHOUT: &str = "-DZSTD_EXCLUDE_GREEDY_BLOCK_COMPRESSOR \
    -DZSTD_EXCLUDE_LAZY_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_LAZY2_BLOCK_COMPRESSOR \
    -DZSTD_EXCLUDE_BTLAZY2_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR \
    -DZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR -DZSTD_STRIP_ERROR_STRINGS=1";

impl Toolchain {
    /// Finds or installs one, and says which it is.
    pub(super) fn find() -> Result<Self, Failure> {
        let add = ["rustup", "target", "add", TARGET];
        if works(&add) {
            say::line(format_args!("    using the toolchain of rustup: `{}` works", add.join(" ")));
            need(&[C, ARCHIVER])?;
            return Ok(Self::Rustup);
        }
        say::line(format_args!("    `{}` does not work here", add.join(" ")));
        say::line("    using Debian's toolchain for web targets: rustc-web, cargo-web");
        need(DEBIAN)?;
        Ok(Self::Debian)
    }

    /// Compiles a crate to a module; `folder` is for this and nothing else. Gives the path of the module.
    pub(super) fn build(self, crate_: &str, folder: &Path) -> Result<PathBuf, Failure> {
        let folder = match self {
            Self::Rustup => folder.join("rustup"),
            // Apart: artefacts of one compiler are of no use to the other.
            Self::Debian => folder.join("debian"),
        };
        let mut cargo = self.cargo();
        // `rustc`, so that a warning fails here as elsewhere and no dependency is compiled anew.
        cargo.args(["rustc", "--package", crate_, "--lib", "--profile=browser"]);
        cargo.args(["--target", TARGET]);
        cargo.env("CARGO_TARGET_DIR", &folder);
        cargo.env("SQLITE_WASM_RS_FLAGS", SQLITE_WITHOUT);
        cargo.env("CFLAGS_wasm32_unknown_unknown", ZSTD_WITHOUT);
        cargo.env("CC_wasm32_unknown_unknown", "clang-22");
        cargo.env("AR_wasm32_unknown_unknown", "llvm-ar-22");
        cargo.args(["--", "-D", "warnings"]);
        run_command(cargo, "it does not compile for browsers; see above")?;
        let module = format!("{}.wasm", crate_.replace('-', "_"));
        Ok(folder.join(TARGET).join("browser").join(module))
    }

    /// Settings of one compiler stay with its own process: a `RUSTC` that leaks into a native build
    /// compiles everything anew.
    fn cargo(self) -> Command {
        if self == Self::Rustup {
            return program("cargo");
        }
        let mut cargo = program("/usr/bin/cargo");
        cargo.args(["-Zbuild-std=std,panic_abort"]);
        cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
        cargo.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
        cargo
    }
}
