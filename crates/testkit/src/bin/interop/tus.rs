//! Two tus clients that know nothing of us: given an address and a header, they upload, are cut, and
//! resume. What they left on the server is compared by hash, and what they sent twice is counted.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;
use crate::device::OutsideDevice;
use crate::server::ServerProcess;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use spotcheck_domain::BlobHash;
use spotcheck_testkit::proxy::{ByteRange, Counts, FaultProxy, Settings};
use tokio::process::{Child, Command};

use crate::Places;

const PHOTO_BYTES: usize = 3_000_000;
const CHUNK_BYTES: u64 = 64 * 1024;
/// Where the line is cut: larger than what passes until some cuts.
const CUT_CHUNK_BYTES: u64 = 256 * 1024;
/// More than what a request costs beside its body.
const HEADERS_BYTES: u64 = 1024;
/// Longer than any of these uploads takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A foreign client.
#[derive(Clone, Copy, Debug)]
enum Client {
    /// tus-js-client, from npm.
    TusJs,
    /// tuspy, from PyPI.
    Tuspy,
}

/// What befalls an upload.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// Nothing.
    None,
    /// The line is cut again and again.
    Cuts,
    /// The server is killed in the middle, and comes back.
    ServerKilled,
    /// The client is killed in the middle, and a new one goes on from what the old one noted.
    ClientKilled,
}

pub(crate) async fn run(places: &Places) -> Outcome<()> {
    let mut server = ServerProcess::start(&places.server, &[])?;
    let device = OutsideDevice::enrol(&server.link("ada")?).await?;
    let troubles = [Trouble::None, Trouble::Cuts, Trouble::ServerKilled, Trouble::ClientKilled];
    for client in [Client::TusJs, Client::Tuspy] {
        for trouble in troubles {
            let what = format!("{client:?}, {trouble:?}");
            let photo = photo((client as u64) << 8 | trouble as u64);
            let done = upload(places, &mut server, &device, client, trouble, &photo).await;
            let counts = done.map_err(|error| format!("{what}: {error}"))?;
            let resent = check(&server, &photo, trouble, &counts);
            let resent = resent.map_err(|error| format!("{what}: {error} ({counts:?})"))?;
            println!(
                "{what}: {PHOTO_BYTES} bytes arrived whole over {} connections, {} cut; \
                 {resent} bytes beyond the photo went up",
                counts.connections, counts.cut
            );
        }
    }
    Ok(())
}

/// Has a client upload a photo under some trouble; what the network between them saw.
async fn upload(
    places: &Places,
    server: &mut ServerProcess,
    device: &OutsideDevice,
    client: Client,
    trouble: Trouble,
    photo: &[u8],
) -> Outcome<Counts> {
    let grant = device.grant(photo).await?;
    let id = grant.location.rsplit('/').next().unwrap_or_default().to_owned();
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let proxy = FaultProxy::bind(listen, server.address().to_owned(), 7).await?;
    let serving = tokio::spawn({
        let proxy = proxy.clone();
        async move { proxy.serve().await }
    });
    proxy.set(settings(trouble));
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("photo.jpg");
    std::fs::write(&file, photo)?;
    let endpoint = format!("http://{}/api/v1/uploads", proxy.local_addr()?);
    let start = || start(places, client, trouble, &endpoint, &grant.capability, &file);
    let mut running = start()?;
    match trouble {
        Trouble::None | Trouble::Cuts => {}
        Trouble::ServerKilled => {
            half_way(server, &id, &mut running).await?;
            server.kill_and_restart()?;
        }
        Trouble::ClientKilled => {
            half_way(server, &id, &mut running).await?;
            running.kill().await?;
            running = start()?;
        }
    }
    let ended = tokio::time::timeout(PATIENCE, running.wait()).await;
    serving.abort();
    let status = ended.map_err(|_| "the client did not come to an end")??;
    if !status.success() {
        return Err(format!("the client gave up ({status})").into());
    }
    Ok(proxy.counts())
}

fn settings(trouble: Trouble) -> Settings {
    match trouble {
        Trouble::None => Settings::default(),
        Trouble::Cuts => {
            let cut_after = Some(ByteRange { min: 100_000, max: 400_000 });
            Settings { cut_after, ..Settings::default() }
        }
        // Slow enough that there is a middle to be caught in.
        Trouble::ServerKilled | Trouble::ClientKilled => {
            Settings { delay_ms: 30, ..Settings::default() }
        }
    }
}

/// The client is given an address and a header, and told nothing else of our server.
fn start(
    places: &Places,
    client: Client,
    trouble: Trouble,
    endpoint: &str,
    capability: &str,
    file: &Path,
) -> Outcome<Child> {
    let (program, script): (PathBuf, &str) = match client {
        Client::TusJs => ("node".into(), "upload.mjs"),
        Client::Tuspy => (places.python.clone(), "upload.py"),
    };
    let mut command = Command::new(program);
    command.arg(places.scripts.join(script)).args([endpoint, "Spotcheck-Upload", capability]);
    command.arg(file).arg(file.with_extension("resume"));
    command.arg(chunk_bytes(trouble).to_string());
    Ok(command.kill_on_drop(true).spawn()?)
}

fn chunk_bytes(trouble: Trouble) -> u64 {
    if matches!(trouble, Trouble::Cuts) { CUT_CHUNK_BYTES } else { CHUNK_BYTES }
}

/// Waits until a good part of the photo is on the server's disk, and not all of it.
async fn half_way(server: &ServerProcess, id: &str, running: &mut Child) -> Outcome<()> {
    let reached = async {
        while server.upload_bytes(id) < PHOTO_BYTES as u64 / 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = reached => Ok(()),
        ended = running.wait() => Err(format!("the client ended too early: {ended:?}").into()),
    }
}

/// Compares what arrived; how many bytes went up beyond the photo itself.
fn check(server: &ServerProcess, photo: &[u8], trouble: Trouble, counts: &Counts) -> Outcome<u64> {
    if BlobHash::of(&server.blob(BlobHash::of(photo))?) != BlobHash::of(photo) {
        return Err("the server has other bytes than were uploaded".into());
    }
    let requests = 8 + 2 * counts.connections + PHOTO_BYTES as u64 / chunk_bytes(trouble);
    // What was under way at a cut is lost, and no more: one chunk at most.
    let faults = match trouble {
        Trouble::None => 0,
        Trouble::Cuts => counts.cut,
        Trouble::ServerKilled | Trouble::ClientKilled => 2,
    };
    let losses = faults * chunk_bytes(trouble);
    if matches!(trouble, Trouble::Cuts) && counts.cut < 3 {
        return Err("the line was hardly cut: nothing is proven".into());
    }
    let resent = counts.bytes_up.saturating_sub(PHOTO_BYTES as u64);
    if resent > losses + requests * HEADERS_BYTES {
        return Err(format!("{resent} bytes beyond the photo went up").into());
    }
    Ok(resent)
}

/// Bytes that do not compress, different for each upload.
fn photo(seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; PHOTO_BYTES];
    ChaCha8Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
    bytes
}
