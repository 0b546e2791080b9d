//! Generated requests, and a second implementation of the protocol, against a running server.

use crate::Outcome;
use crate::server::ServerProcess;
use tokio::process::Command;

use crate::Places;

pub(crate) async fn run(places: &Places) -> Outcome<()> {
    // The limit on enrolments is tested elsewhere; here it would hide everything behind it.
    let unlimited = ["--enrol-burst", "1000000", "--enrol-per-minute", "1000000"];
    let server = ServerProcess::start(&places.server, &unlimited)?;
    let mut command = Command::new(&places.python);
    command.arg(places.scripts.join("api.py"));
    for user in ["ada", "lea"] {
        command.arg(server.link(user)?);
    }
    let status = command.kill_on_drop(true).status().await?;
    if !status.success() {
        return Err("the server broke a promise of its description, or of docs/PROTOCOL.md".into());
    }
    // It is still there and answers.
    server.admin(&["device", "list"])?;
    Ok(())
}
