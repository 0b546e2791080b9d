//! What each command does.

use spotcheck_app::{AppError, Decision, EnrolmentLink, MergedStatus, RecordView};
use spotcheck_client::{HttpApi, Pause, Report, enrol, run_round};
use spotcheck_domain::Value;

use crate::args::{Args, Command, ContradictionCommand, PageArgs, RecordCommand, SiteCommand};
use crate::failure::Failure;
use crate::home::{self, App};
use crate::{record, say};

/// Rounds in one `sync`: a long queue of photos may take several.
const ROUNDS: usize = 10;

/// Runs a command.
///
/// # Errors
/// Why it failed.
pub fn run(args: Args) -> Result<(), Failure> {
    let mut app = home::open(args.home)?;
    let json = args.json;
    match args.command {
        Command::Enrol { code, name } => enrol_device(&mut app, &code, &name, json),
        Command::Site(SiteCommand::Find { query, limit }) => {
            app.identity()?;
            for site in app.store().find_sites(&query, limit).map_err(AppError::from)? {
                if json {
                    say::json(&site);
                } else {
                    say::line(format_args!(
                        "{:<16} {:<12} {}  {}",
                        site.code, site.kind, site.zh, site.en
                    ));
                }
            }
            Ok(())
        }
        Command::Record { file } => record::run(&mut app, &file, json),
        Command::Sync => sync(&mut app, json),
        Command::Status => status(&app, json),
        Command::Log { page, verify } => log(&app, &page, verify, json),
        Command::Inspection(command) => records(&app, "inspection", command, json),
        Command::Finding(command) => records(&app, "finding", command, json),
        Command::Day { site, date } => day(&app, &site, &date, json),
        Command::Contradiction(ContradictionCommand::List { site, date, limit, after }) => {
            let found = app.contradictions(site.as_deref(), date.as_deref())?;
            let skip = match &after {
                Some(after) => found.iter().position(|c| c.id == *after).map_or(0, |at| at + 1),
                None => 0,
            };
            for one in found.into_iter().skip(skip).take(limit) {
                if json {
                    say::json(&one);
                    continue;
                }
                say::line(format_args!(
                    "{}  {} {} {} {}",
                    one.id, one.site, one.day, one.checklist, one.path
                ));
                for value in one.values {
                    say::line(format_args!(
                        "  {}  by {} in {}: {}",
                        value.op, value.by, value.inspection, value.value
                    ));
                }
            }
            Ok(())
        }
        Command::Decide { id, keep, value, reason } => {
            let decision = match (keep, value) {
                (Some(op), _) => {
                    Decision::Keep(op.parse().map_err(|e| AppError::invalid("keep", e))?)
                }
                (None, value) => Decision::Value(
                    Value::parse(&value.unwrap_or_default())
                        .map_err(|e| AppError::invalid("value", e))?,
                ),
            };
            let op = app.decide(&id, &decision, &reason)?;
            if json {
                say::json(&serde_json::json!({"op": op}));
            } else {
                say::line(format_args!("decided: op {op}"));
            }
            Ok(())
        }
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(Failure::file("network"))?.block_on(work))
}

fn enrol_device(app: &mut App, code: &str, name: &str, json: bool) -> Result<(), Failure> {
    let link = EnrolmentLink::parse(code).ok_or_else(|| {
        AppError::invalid("code", "paste the whole link: http(s)://…/#enrol=KEY.CODE")
    })?;
    app.begin_enrolment()?;
    let api = api(&link.server_url)?;
    let reply = block_on(enrol(&api, &link, name, app))?.map_err(Failure::Pause)?;
    app.finish_enrolment(&link, &reply)?;
    if !json {
        say::line(format_args!(
            "enrolled as {} {} {} ({})",
            reply.user_code, reply.name.0, reply.name.1, reply.role
        ));
    }
    sync(app, json)
}

fn api(url: &str) -> Result<HttpApi, Failure> {
    HttpApi::new(url).map_err(|unreachable| Failure::Pause(Pause::Offline(unreachable.to_string())))
}

fn sync(app: &mut App, json: bool) -> Result<(), Failure> {
    let api = api(&app.identity()?.server_url.clone())?;
    let mut total = Report::default();
    for _ in 0..ROUNDS {
        let report =
            block_on(run_round(&api, app))?.map_err(|spotcheck_client::SyncError::Local(e)| e)?;
        total.ops_sent += report.ops_sent;
        total.ops_received += report.ops_received;
        total.photo_bytes_sent += report.photo_bytes_sent;
        total.requests += report.requests;
        total.pause = report.pause.clone();
        let waits = app.status()?.ops_waiting > 0 || app.status()?.photos_waiting.0 > 0;
        let moved = report.ops_sent + report.photo_bytes_sent + report.ops_received > 0;
        if report.pause.is_some() || !(waits && moved) {
            break;
        }
    }
    let status = app.status()?;
    if json {
        say::json(&serde_json::json!({
            "ops_sent": total.ops_sent, "ops_received": total.ops_received,
            "photo_bytes_sent": total.photo_bytes_sent, "requests": total.requests,
            "ops_waiting": status.ops_waiting, "photos_waiting": status.photos_waiting.0,
        }));
    } else {
        say::line(format_args!(
            "sent {} ops and {} bytes of photos, received {} ops; waiting: {} ops, {} photos",
            total.ops_sent,
            total.photo_bytes_sent,
            total.ops_received,
            status.ops_waiting,
            status.photos_waiting.0
        ));
    }
    total.pause.map_or(Ok(()), |pause| Err(Failure::Pause(pause)))
}

fn status(app: &App, json: bool) -> Result<(), Failure> {
    let status = app.status()?;
    if json {
        say::json(&status);
        return Ok(());
    }
    say::line(format_args!("{} ({}) at {}", status.user, status.role, status.server));
    say::line(format_args!(
        "{} ops here; waiting to be sent: {} ops, {} photos of {} bytes",
        status.ops, status.ops_waiting, status.photos_waiting.0, status.photos_waiting.1
    ));
    Ok(())
}

fn log(app: &App, page: &PageArgs, verify: bool, json: bool) -> Result<(), Failure> {
    if verify {
        let holds = app.store().projections_hold().map_err(AppError::from)?;
        for own in app.store().own_logs().map_err(AppError::from)? {
            let link = app.store().link_at(own.log, own.seq).map_err(AppError::from)?;
            if link != Some(own.link) {
                return Err(Failure::Broken(format!("the links of log {} do not hold", own.log)));
            }
        }
        if !holds {
            return Err(Failure::Broken("a record is not what its ops say".to_owned()));
        }
        say::line("links and records hold");
        return Ok(());
    }
    let after = page.after.as_deref().unwrap_or("0");
    let after =
        after.parse().map_err(|_| AppError::invalid("after", "use the row of the last line"))?;
    for op in app.log(after, page.limit)? {
        if json {
            say::json(&op);
        } else {
            let mark = op.quarantined.as_deref().unwrap_or(if op.mine { "mine" } else { "" });
            say::line(format_args!(
                "{:>6}  {}  {:<22} {}  {mark}",
                op.row, op.op, op.kind, op.record
            ));
        }
    }
    Ok(())
}

fn records(app: &App, kind: &str, command: RecordCommand, json: bool) -> Result<(), Failure> {
    match command {
        RecordCommand::List { page } => {
            let after = page.after.as_deref().map(|id| app.resolve(id)).transpose()?;
            for view in app.list(kind, after, page.limit)? {
                if json {
                    say::json(&view);
                } else {
                    say::line(summary(&view));
                }
            }
        }
        RecordCommand::Show { id } => {
            let view = app.show(app.resolve(&id)?)?;
            let history = app.history(view.id)?;
            if json {
                say::json(&serde_json::json!({"record": view, "history": history}));
                return Ok(());
            }
            say::line(summary(&view));
            for (path, values) in &view.doc.slots {
                let values: Vec<String> = values.iter().map(|v| v.value.to_string()).collect();
                let mark = if values.windows(2).any(|pair| pair[0] != pair[1]) {
                    "  ← contradiction"
                } else {
                    ""
                };
                say::line(format_args!("  {path:<24} {}{mark}", values.join("  |  ")));
            }
            for op in history {
                say::line(format_args!("  op {} {} {}", op.op, op.kind, op.at_ms));
            }
        }
    }
    Ok(())
}

fn summary(view: &RecordView) -> String {
    let text =
        |slot: &str| view.doc.agreed(slot).and_then(Value::as_text).unwrap_or_default().to_owned();
    let sent = if view.sent { "sent" } else { "on this device" };
    let words = [
        text("day"),
        text("site"),
        text("checklist"),
        text("severity"),
        text("item"),
        text("note"),
    ];
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    format!("{}  {}  [{sent}]", view.id, words.join(" "))
}

fn day(app: &App, site: &str, date: &str, json: bool) -> Result<(), Failure> {
    let days = app.day(site, date)?;
    if json {
        say::json(&days);
        return Ok(());
    }
    if days.is_empty() {
        say::line(format_args!("nothing recorded at {site} on {date}"));
    }
    for day in days {
        say::line(format_args!(
            "{} {} {}: {} inspections, {} findings, {} photos, {} open",
            day.site,
            day.day,
            day.checklist,
            day.inspections.len(),
            day.findings.len(),
            day.photos.len(),
            day.open
        ));
        for (path, item) in &day.items {
            let status = match item.status {
                MergedStatus::Agreed => "agreed",
                MergedStatus::WorstTaken => "worst taken",
                MergedStatus::BothKept => "both kept",
                MergedStatus::Contradiction => "CONTRADICTION",
                MergedStatus::Decided => "decided",
                MergedStatus::Reopened => "REOPENED",
            };
            let value = item.value.as_ref().map(ToString::to_string).unwrap_or_default();
            say::line(format_args!("  {path:<24} {status:<14} {value}"));
            if item.values.len() > 1 {
                for value in &item.values {
                    say::line(format_args!("    {} by {}", value.value, value.by));
                }
            }
        }
        if !day.missing.is_empty() {
            say::line(format_args!("  missing: {}", day.missing.join(", ")));
        }
    }
    Ok(())
}
