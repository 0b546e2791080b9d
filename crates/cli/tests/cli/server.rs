//! The real server with the demo workspace, on a port of its own.

use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, mpsc};

use spotcheck_domain::WorkspaceId;
use spotcheck_server::config::TlsFiles;
use spotcheck_server::data_dir::DataDir;
use spotcheck_server::host::SystemHost;
use spotcheck_server::http::{App, Limits, Server as HttpServer, Tls};
use spotcheck_server::ledger::Ledger as _;
use spotcheck_server::service::Host as _;
use spotcheck_server::{lan, setup};

pub(crate) struct Server {
    pub(crate) url: String,
    app: Arc<App>,
    ws: WorkspaceId,
    runtime: tokio::runtime::Runtime,
    dir: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(None)
    }

    /// Over TLS, with a certificate of the authority in the folder.
    pub(crate) fn start_tls(folder: &Path) -> Self {
        let host = IpAddr::from([127, 0, 0, 1]);
        lan::make(folder, host, SystemHost.now_ms()).unwrap();
        let file = |name: &str| folder.join(name);
        let files = TlsFiles { cert: file("server.crt"), key: file("server.key"), ca: None };
        Self::start_with(Some(Tls::read(&files, None).unwrap()))
    }

    fn start_with(tls: Option<Tls>) -> Self {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let limits = Limits::default();
        let service = data.open_service(limits.workers).unwrap();
        let ws = runtime.block_on(setup::demo_workspace(&service, &data)).unwrap();
        let app = Arc::new(App::new(service, data, limits).with_tls(tls));
        let (tell, told) = mpsc::channel();
        let serving = app.clone();
        runtime.spawn(async move {
            let server = HttpServer::bind("127.0.0.1:0", serving).await.unwrap();
            tell.send(server.local_addr().unwrap()).unwrap();
            server.run(std::future::pending()).await;
        });
        let url = format!("{scheme}://{}", told.recv().unwrap());
        app.service().reached_at(&url);
        Self { url, app, ws, runtime, dir }
    }

    /// The files of what the server published, by name.
    pub(crate) fn blob_files(&self) -> Vec<std::path::PathBuf> {
        let mut folders = vec![self.dir.path().join("blobs")];
        let mut files = vec![];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }

    /// A fresh enrolment link for a user of the demo.
    pub(crate) fn link(&self, user: &str) -> String {
        self.runtime.block_on(async {
            let service = self.app.service();
            let found = service.ledger().find_user_by_code(self.ws, user).await.unwrap().unwrap();
            service.add_code(self.ws, found.user, &self.url).await.unwrap().link.to_string()
        })
    }
}
