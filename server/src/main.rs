//! `spotcheck-server`: serves, and manages what it serves.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use spotcheck_server::config::{Cli, Command, Config};
use spotcheck_server::data_dir::DataDir;
use spotcheck_server::host::SystemHost;
use spotcheck_server::http::{App, Server, Tls, Web};
use spotcheck_server::service::Host as _;
use spotcheck_server::{admin, lan, say, service, setup};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = matches!(cli.command, Command::Admin { json: true, .. });
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if json => {
            let code = match error.downcast_ref::<service::Failure>() {
                Some(service::Failure::Problem(problem)) => problem.code.clone(),
                _ => "failed".to_owned(),
            };
            say::trouble(serde_json::json!({ "code": code, "message": format!("{error:#}") }));
            ExitCode::FAILURE
        }
        Err(error) => {
            say::trouble(format!("spotcheck-server: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let config = Config::load(cli.settings, cli.config.as_deref())?;
    log_to_stderr(&config)?;
    match cli.command {
        Command::Serve { demo } => serve(&config, demo == Some(true)),
        Command::LanCa { out, host } => {
            let made = lan::make(&out, host, SystemHost.now_ms())?;
            say::line(lan::told(&out, host, &made));
            Ok(())
        }
        Command::Admin { workspace, json, command } => {
            say::line(admin::run(&config, workspace.as_deref(), json, &command)?);
            Ok(())
        }
    }
}

fn log_to_stderr(config: &Config) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .with_context(|| format!("log: {:?} is not a log filter", config.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if config.log_json {
        log.json().flatten_event(true).init();
    } else {
        log.init();
    }
    Ok(())
}

fn serve(config: &Config, demo: bool) -> anyhow::Result<()> {
    let web = config.web.as_deref().map(Web::read).transpose()?;
    let tls = config.tls.as_ref();
    let tls = tls.map(|files| Tls::read(files, config.public_url.as_deref())).transpose()?;
    let dir = DataDir::open(&config.data)?;
    let _lock = dir.lock()?;
    let service = dir.open_service(config.limits.workers)?;
    // Before listening: a device must not meet a half-made workspace.
    let demo = match demo {
        true => {
            let _turn = dir.own_log_turn()?;
            Some(pollster::block_on(setup::demo_workspace(&service, &dir))?)
        }
        false => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(config.limits.workers + config.limits.upload_workers + 8)
        .build()
        .context("cannot start the runtime")?;
    let done = runtime.block_on(async {
        let app = App::new(service, dir, config.limits.clone()).with_web(web).with_tls(tls);
        let app = Arc::new(app);
        let stop = stop_signal()?;
        let mut server = Server::bind(&config.listen, app.clone()).await?;
        if let Some(address) = &config.metrics_listen {
            server = server.with_metrics(address).await?;
        }
        let listens = server.local_addr()?.to_string();
        let url = config.link_url(&listens);
        app.service().reached_at(&url);
        app.dir().note_url(&url).context("cannot note the address in the data folder")?;
        say::line(format!("Spotcheck server listens on {}://{listens}", config.scheme()));
        if let Some(address) = server.metrics_addr()? {
            say::line(format!("Figures are at http://{address}/metrics"));
        }
        if let Some(ws) = demo {
            let links = setup::demo_links(app.service(), ws, &url).await?;
            say::line(setup::welcome(&links, tried_from(config)));
            say::line("Ctrl-C stops the server.");
        }
        server.run(stop).await;
        anyhow::Ok(())
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    done
}

/// Where the links of the demo can be opened.
fn tried_from(config: &Config) -> setup::Tried {
    match (&config.web, &config.tls, &config.public_url) {
        (None, ..) => setup::Tried::Terminal,
        // Who says how others reach the server wants them to.
        (Some(_), Some(_), Some(_)) => setup::Tried::Phones,
        (Some(_), ..) => setup::Tried::Browser,
    }
}

/// Resolves when the process is told to stop. The handlers are in place when this returns.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
