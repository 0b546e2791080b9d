//! `log`: what this device holds, act by act.

use serde_json::json;
use spotcheck_app::parts::StoreError;
use spotcheck_domain::op::Link;

use crate::args::Page;
use crate::failure::Failure;
use crate::home::CliDevice;
use crate::names::Names;
use crate::out::{Out, local_time, short, table};

pub(crate) fn list(device: &CliDevice, page: &Page, out: &mut Out) -> Result<(), Failure> {
    let after = page.after.as_deref().unwrap_or("0");
    let after = after.parse().map_err(|_| {
        Failure::Usage("--after: give the row of the last op of the page before".to_owned())
    })?;
    let ops = device.log(after, page.limit)?;
    if out.json {
        ops.iter().for_each(|one| out.json(one));
        return Ok(());
    }
    let names = Names(device);
    let mut rows = vec![vec![]];
    rows[0].extend(["ROW", "TIME", "WHO", "WHAT", "RECORD", "OP", ""].map(str::to_owned));
    rows.extend(ops.into_iter().map(|op| {
        let note = match (op.quarantined, op.mine) {
            (Some(why), _) => format!("not admitted: {why}"),
            (None, true) => "mine".to_owned(),
            (None, false) => String::new(),
        };
        let who = names.user(&op.by);
        let time = local_time(op.at_ms);
        vec![op.row.to_string(), time, who, op.kind, short(op.record), short(op.op), note]
    }));
    out.lines(table(&rows));
    Ok(())
}

/// Computes every record and every link anew from the ops, and compares with what is kept.
pub(crate) fn verify(device: &CliDevice, out: &mut Out) -> Result<(), Failure> {
    let logs = device.store().own_logs()?;
    for log in &logs {
        let mut at = (0, Link::START);
        // In pages, as they are sent: this also proves that sending would find every op.
        while let Some(run) = device.store().own_run(log.log, at.0, 500, 1 << 20)? {
            if run.prev != at.1 {
                break;
            }
            at = run.ops().fold(at, |(seq, link), op| (seq + 1, link.then(&op.hash)));
        }
        if at != (log.seq, log.link) {
            let place = format!("log {} breaks after op {} of {}", log.log, at.0, log.seq);
            return Err(Failure::Damaged(format!("{place}: keep the folder and ask for help")));
        }
    }
    if !device.store().projections_hold()? {
        return Err(StoreError::Damaged("record").into());
    }
    let own: u64 = logs.iter().map(|log| log.seq).sum();
    let all = device.status()?.ops;
    if out.json {
        out.json(&json!({"ops": all, "own_ops": own, "own_logs": logs.len(), "holds": true}));
    } else {
        out.line(format!("{all} ops give the records kept here, byte for byte."));
        out.line(format!("{own} own ops in {} logs are linked without a gap.", logs.len()));
    }
    Ok(())
}
