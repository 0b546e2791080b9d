//! What there is.

use serde_json::json;

use super::Admin;
use crate::ledger::Ledger as _;

impl Admin {
    pub(super) async fn list_workspaces(&self) -> anyhow::Result<String> {
        let mut lines = vec![];
        let mut rows = vec![];
        for (ws, name) in self.service.ledger().list_workspaces().await? {
            let size = self.service.ledger().checkpoint(ws).await?.size;
            lines.push(format!("{name}  {ws}  {size} deliveries"));
            rows.push(json!({ "id": ws.to_string(), "name": name, "deliveries": size }));
        }
        Ok(self.list(lines, rows, "no workspace yet"))
    }

    pub(super) async fn list_users(&self) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let mut lines = vec![];
        let mut rows = vec![];
        for user in self.service.ledger().list_users(ws).await? {
            lines.push(format!("{:<20} {:<14} {}  {}", user.code, user.role, user.zh, user.en));
            rows.push(json!({
                "id": user.user.to_string(), "code": user.code, "role": user.role,
                "zh": user.zh, "en": user.en, "reads": user.reads.len(), "writes": user.writes.len(),
            }));
        }
        Ok(self.list(lines, rows, "no user yet"))
    }

    pub(super) async fn list_devices(&self) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let users = self.service.ledger().list_users(ws).await?;
        let mut lines = vec![];
        let mut rows = vec![];
        for device in self.service.ledger().list_devices(ws).await? {
            let user = users.iter().find(|user| user.user == device.user);
            let user = user.map_or("?", |user| user.code.as_str());
            let state = match (&device.revoked, device.forked) {
                (Some(reason), _) => format!("revoked: {reason}"),
                (None, true) => "forked: two devices write one log".to_owned(),
                (None, false) => "active".to_owned(),
            };
            lines.push(format!("{}  {user:<20} {:<20} {state}", device.log, device.name));
            rows.push(json!({
                "log": device.log.to_string(), "user": user, "name": device.name,
                "revoked": device.revoked, "forked": device.forked,
            }));
        }
        Ok(self.list(lines, rows, "no device yet"))
    }

    pub(super) fn list(
        &self,
        lines: Vec<String>,
        rows: Vec<serde_json::Value>,
        none: &str,
    ) -> String {
        match (self.json, lines.is_empty()) {
            (true, _) => serde_json::Value::from(rows).to_string(),
            (false, true) => none.to_owned(),
            (false, false) => lines.join("\n"),
        }
    }
}
