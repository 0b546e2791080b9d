//! What a server is told: flags, else environment, else a TOML file, else a default that works.

mod access;
mod cli;

pub use access::{AccessArgs, OrganisationCommand, PartyName, ScopeCommand};
pub use cli::{
    AdminCommand, Cli, CodeArgs, Command, DeviceCommand, NameArgs, QuarantineCommand,
    RegisterCommand, Role, TeamCommand, UserCommand, WorkspaceCommand,
};

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::http::Limits;

/// Every setting, each one optional: as flags (or environment) and as a file.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The folder that everything is kept in [default: ./data]
    #[arg(long, global = true, value_name = "DIR", env = "SPOTCHECK_DATA")]
    pub data: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDR", env = "SPOTCHECK_LISTEN")]
    pub listen: Option<String>,
    /// How devices reach the server; it goes into enrolment links [default: http://LISTEN, or https://LISTEN with TLS]
    #[arg(long, global = true, value_name = "URL", env = "SPOTCHECK_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The folder of the web app to serve at / [default: none]
    #[arg(long, global = true, value_name = "DIR", env = "SPOTCHECK_WEB")]
    pub web: Option<PathBuf>,
    /// Speak TLS with this certificate (PEM): the server's own first, then those that lead to its
    /// authority [default: no TLS]
    #[arg(long, global = true, value_name = "FILE", env = "SPOTCHECK_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key (PEM), without a password
    #[arg(long, global = true, value_name = "FILE", env = "SPOTCHECK_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// Give this authority's certificate (PEM) out at /ca.crt
    #[arg(long, global = true, value_name = "FILE", env = "SPOTCHECK_TLS_CA")]
    pub tls_ca: Option<PathBuf>,
    /// What to log: off, error, warn, info, debug or a filter [default: info]
    #[arg(long, global = true, value_name = "FILTER", env = "SPOTCHECK_LOG")]
    pub log: Option<String>,
    /// Log JSON lines
    #[arg(long, global = true, env = "SPOTCHECK_LOG_JSON", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub log_json: Option<bool>,
    /// Connections served at once; more are answered 503 [default: 768]
    #[arg(long, global = true, value_name = "N", env = "SPOTCHECK_MAX_CONNECTIONS")]
    pub max_connections: Option<usize>,
    /// Connections served at once for one address; more are answered 503 [default: 256]
    #[arg(long, global = true, value_name = "N", env = "SPOTCHECK_MAX_CONNECTIONS_PER_PEER")]
    pub max_connections_per_peer: Option<usize>,
    /// Give figures out at this address only [default: /metrics at LISTEN, for this machine alone]
    #[arg(long, global = true, value_name = "ADDR", env = "SPOTCHECK_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
    /// Enrolments one address may ask for at once [default: 60]
    #[arg(long, global = true, value_name = "N", env = "SPOTCHECK_ENROL_BURST")]
    pub enrol_burst: Option<u32>,
    /// Enrolments one address may ask for in the long run [default: 60]
    #[arg(long, global = true, value_name = "N", env = "SPOTCHECK_ENROL_PER_MINUTE")]
    pub enrol_per_minute: Option<u32>,
}

/// The files that TLS needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate and those that lead to its authority.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authority's certificate, to be given out.
    pub ca: Option<PathBuf>,
}

/// Settings after every source was asked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder.
    pub data: PathBuf,
    /// The address to listen at.
    pub listen: String,
    /// How devices reach the server, when that was said.
    pub public_url: Option<String>,
    /// Where figures are given out, if not with the rest.
    pub metrics_listen: Option<String>,
    /// The folder of the web app, if it is served.
    pub web: Option<PathBuf>,
    /// The files that TLS needs, if it is spoken.
    pub tls: Option<TlsFiles>,
    /// The log filter.
    pub log: String,
    /// Log JSON lines.
    pub log_json: bool,
    /// What a client may use.
    pub limits: Limits,
}

impl Config {
    /// Puts flags (which hold the environment already) before the file before the defaults.
    ///
    /// # Errors
    /// When the file cannot be read or names a setting that does not exist, or a value is absurd.
    pub fn load(flags: Settings, file: Option<&Path>) -> anyhow::Result<Self> {
        let file = file.map_or_else(|| Ok(Settings::default()), read)?;
        let public_url = flags.public_url.or(file.public_url);
        let metrics_listen = flags.metrics_listen.or(file.metrics_listen);
        let known = Limits::default();
        let limits = Limits {
            connections: flags
                .max_connections
                .or(file.max_connections)
                .unwrap_or(known.connections),
            connections_per_peer: flags
                .max_connections_per_peer
                .or(file.max_connections_per_peer)
                .unwrap_or(known.connections_per_peer),
            metrics_apart: metrics_listen.is_some(),
            enrol_burst: flags.enrol_burst.or(file.enrol_burst).unwrap_or(known.enrol_burst),
            enrol_per_minute: flags
                .enrol_per_minute
                .or(file.enrol_per_minute)
                .unwrap_or(known.enrol_per_minute),
            ..known
        };
        if limits.connections == 0 || limits.connections_per_peer == 0 {
            bail!("max_connections and max_connections_per_peer: at least 1");
        }
        if limits.enrol_burst == 0 || limits.enrol_per_minute == 0 {
            bail!("enrol_burst and enrol_per_minute: at least 1");
        }
        if let Some(url) = &public_url {
            check_url(url)?;
        }
        let tls = tls_files(
            flags.tls_cert.or(file.tls_cert),
            flags.tls_key.or(file.tls_key),
            flags.tls_ca.or(file.tls_ca),
        )?;
        Ok(Self {
            data: flags.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            listen: flags.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            public_url,
            metrics_listen,
            web: flags.web.or(file.web),
            tls,
            log: flags.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            log_json: flags.log_json.or(file.log_json).unwrap_or(false),
            limits,
        })
    }

    /// The address that goes into enrolment links: as told, else where the server listens.
    pub fn link_url(&self, listens: &str) -> String {
        let everywhere =
            ["0.0.0.0:", "[::]:"].into_iter().find_map(|all| listens.strip_prefix(all));
        let reached = everywhere.map(|port| format!("127.0.0.1:{port}"));
        let reached = reached.unwrap_or_else(|| listens.to_owned());
        self.public_url.clone().unwrap_or_else(|| format!("{}://{reached}", self.scheme()))
    }

    /// What is spoken where the server listens.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

fn read(path: &Path) -> anyhow::Result<Settings> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the settings file {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("settings file {}", path.display()))
}

fn tls_files(
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    ca: Option<PathBuf>,
) -> anyhow::Result<Option<TlsFiles>> {
    match (cert, key, ca) {
        (Some(cert), Some(key), ca) => Ok(Some(TlsFiles { cert, key, ca })),
        (None, None, None) => Ok(None),
        (Some(_), None, _) => bail!("tls-cert: tls-key is missing; give both, or neither"),
        (None, Some(_), _) => bail!("tls-key: tls-cert is missing; give both, or neither"),
        (None, None, Some(_)) => bail!("tls-ca: only with tls-cert and tls-key; give them too"),
    }
}

fn check_url(url: &str) -> anyhow::Result<()> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    // Paths of the API are signed as sent, so a server below a prefix is not possible.
    if rest
        .map(|rest| rest.trim_end_matches('/'))
        .is_none_or(|host| host.is_empty() || host.contains(['/', '#', '?']))
    {
        bail!("public-url: http(s)://HOST[:PORT], without a path; got {url:?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_the_file_and_the_file_before_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("spotcheck.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nenrol_burst = 7\n").unwrap();
        let flags = Settings { listen: Some("127.0.0.1:2".to_owned()), ..Settings::default() };
        let config = Config::load(flags, Some(&file)).unwrap();
        assert_eq!(config.listen, "127.0.0.1:2");
        assert_eq!(config.limits.enrol_burst, 7);
        assert_eq!(config.data, PathBuf::from("data"));
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
        let refused = format!("{:#}", Config::load(Settings::default(), Some(&file)).unwrap_err());
        assert!(refused.contains("lisen"), "{refused}");
    }

    /// A variable counts as a flag does, unless there is a flag. Settings of the environment are read
    /// by the command line, so a process of our own is asked: this one's must not change under others.
    #[test]
    fn the_environment_comes_after_flags_and_before_the_file() {
        const ASKED: &str = "SPOTCHECK_TEST_ASKED_FOR_SETTINGS";
        if std::env::var_os(ASKED).is_some() {
            let cli =
                <Cli as clap::Parser>::parse_from(["spotcheck-server", "--log", "flag", "serve"]);
            let file = cli.config.as_deref();
            let config = Config::load(cli.settings, file).unwrap();
            println!("[{} {} {}]", config.log, config.listen, config.data.display());
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("spotcheck.toml");
        let text = "log = \"file\"\nlisten = \"file\"\ndata = \"file\"\n";
        std::fs::write(&file, text).unwrap();
        let name = "config::tests::the_environment_comes_after_flags_and_before_the_file";
        let asked = std::process::Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .env(ASKED, "1")
            .env("SPOTCHECK_CONFIG", &file)
            .env("SPOTCHECK_LOG", "environment")
            .env("SPOTCHECK_LISTEN", "environment")
            .env_remove("SPOTCHECK_DATA")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&asked.stdout);
        assert!(said.contains("[flag environment file]"), "{said}");
    }

    #[test]
    fn tls_takes_a_certificate_and_its_key_from_any_source() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("spotcheck.toml");
        std::fs::write(&file, "tls_cert = \"a.crt\"\ntls_key = \"a.key\"\n").unwrap();
        let flags = Settings { tls_key: Some("b.key".into()), ..Settings::default() };
        let config = Config::load(flags, Some(&file)).unwrap();
        let files = TlsFiles { cert: "a.crt".into(), key: "b.key".into(), ca: None };
        assert_eq!(config.tls, Some(files));
        assert_eq!(config.link_url("0.0.0.0:8443"), "https://127.0.0.1:8443");
        for (half, named) in [
            (Settings { tls_cert: Some("a".into()), ..Settings::default() }, "tls-key"),
            (Settings { tls_key: Some("a".into()), ..Settings::default() }, "tls-cert"),
            (Settings { tls_ca: Some("a".into()), ..Settings::default() }, "tls-cert"),
        ] {
            let refused = Config::load(half, None).unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
    }

    #[test]
    fn a_link_names_an_address_that_a_device_can_reach() {
        let load = |flags| Config::load(flags, None);
        let config = load(Settings::default()).unwrap();
        assert_eq!(config.link_url("0.0.0.0:80"), "http://127.0.0.1:80");
        let with = |url: &str| Settings { public_url: Some(url.to_owned()), ..Settings::default() };
        let config = load(with("https://check.example")).unwrap();
        assert_eq!(config.link_url("0.0.0.0:80"), "https://check.example");
        assert!(load(with("check.example")).is_err());
        assert!(load(with("https://check.example/spot")).is_err());
    }
}
