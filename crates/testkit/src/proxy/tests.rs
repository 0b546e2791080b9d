//! Every fault over loopback, each test within a time limit.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

use super::{ByteRange, Counts, FaultProxy, Mode, Settings, serve_control};

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
const REPLY_BYTES: usize = 1000;

/// Runs `story` against a proxy before a server that answers every request by 1,000 bytes,
/// and one of exclamation marks by a reset.
fn with_proxy<F: Future<Output = ()>>(settings: Settings, story: impl FnOnce(FaultProxy) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let run = async {
        let server = TcpListener::bind(ANY).await.unwrap();
        let upstream = server.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((stream, _)) = server.accept().await {
                tokio::spawn(serve(stream));
            }
        });
        let proxy = FaultProxy::bind(ANY, upstream, 1).await.unwrap();
        proxy.set(settings);
        let serving = proxy.clone();
        tokio::spawn(async move { serving.serve().await });
        story(proxy).await;
    };
    runtime.block_on(async { timeout(Duration::from_secs(20), run).await.unwrap() });
}

async fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut request = vec![0; REQUEST.len()];
    loop {
        stream.read_exact(&mut request).await?;
        if request[0] == b'!' {
            super::reset(stream);
            return Ok(());
        }
        stream.write_all(&[b'x'; REPLY_BYTES]).await?;
    }
}

/// The bytes of one reply: all, or those before the end. An error is a reset.
async fn ask(proxy: &FaultProxy) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(proxy.local_addr()?).await?;
    stream.write_all(REQUEST).await?;
    let mut reply = Vec::new();
    while reply.len() < REPLY_BYTES && stream.read_buf(&mut reply).await? > 0 {}
    Ok(reply)
}

fn assert_reset(result: &io::Result<Vec<u8>>) {
    let kind = result.as_ref().map(Vec::len).map_err(io::Error::kind);
    assert!(matches!(kind, Err(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)), "{kind:?}");
}

#[test]
fn passes_what_it_is_given() {
    with_proxy(Settings::default(), |proxy| async move {
        assert_eq!(ask(&proxy).await.unwrap(), [b'x'; REPLY_BYTES]);
        let (bytes_up, bytes_down) = (REQUEST.len() as u64, REPLY_BYTES as u64);
        let expected = Counts { connections: 1, bytes_up, bytes_down, ..Counts::default() };
        assert_eq!(proxy.counts(), expected);
    });
}

#[test]
fn refuses() {
    let settings = Settings { mode: Mode::Refuse, ..Settings::default() };
    with_proxy(settings, |proxy| async move {
        assert_reset(&ask(&proxy).await);
        assert_eq!((proxy.counts().refused, proxy.counts().bytes_up), (1, 0));
    });
}

#[test]
fn plays_the_captive_portal() {
    let settings = Settings { mode: Mode::Portal, ..Settings::default() };
    with_proxy(settings, |proxy| async move {
        let mut stream = TcpStream::connect(proxy.local_addr().unwrap()).await.unwrap();
        stream.write_all(b"POST /push HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}").await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("text/html"), "{page}");
        let (head, body) = page.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{page}");
        assert_eq!((proxy.counts().portal, proxy.counts().bytes_up), (1, 0));
    });
}

#[test]
fn cuts_after_bytes_drawn_from_the_seed() {
    let cut_after = Some(ByteRange { min: 5, max: 900 });
    let settings = Settings { cut_after, ..Settings::default() };
    let run = || {
        let mut totals = Vec::new();
        with_proxy(settings.clone(), |proxy| {
            let totals = &mut totals;
            async move {
                for n in 1..=10 {
                    assert_reset(&ask(&proxy).await);
                    let counts = proxy.counts();
                    assert_eq!(counts.cut, n);
                    totals.push(counts.bytes_up + counts.bytes_down);
                }
            }
        });
        totals
    };
    let totals = run();
    assert_eq!(totals, run(), "one seed, one history");
    assert!(totals.windows(2).all(|pair| (5..=900).contains(&(pair[1] - pair[0]))), "{totals:?}");
}

#[test]
fn loses_replies_after_the_server_has_acted() {
    let settings = Settings { loss: 0.5, ..Settings::default() };
    with_proxy(settings, |proxy| async move {
        let mut lost = 0;
        for _ in 0..60 {
            let reply = ask(&proxy).await;
            if reply.is_err() {
                assert_reset(&reply);
                lost += 1;
            }
        }
        let counts = proxy.counts();
        assert_eq!((counts.lost, counts.bytes_up), (lost, 60 * REQUEST.len() as u64));
        assert!((15..=45).contains(&lost), "{lost} of 60");
    });
}

#[test]
fn truncates_at_every_offset() {
    with_proxy(Settings::default(), |proxy| async move {
        for offset in [0, 1, 17, 512, REPLY_BYTES - 1, REPLY_BYTES] {
            let truncate_reply = Some(offset as u64);
            proxy.set(Settings { truncate_reply, ..Settings::default() });
            assert_eq!(ask(&proxy).await.unwrap().len(), offset, "ended in good order");
        }
        assert_eq!(proxy.counts().truncated, 5, "the last one was whole");
    });
}

#[test]
fn delays_each_reply() {
    let settings = Settings { delay_ms: 60, ..Settings::default() };
    with_proxy(settings, |proxy| async move {
        let start = Instant::now();
        assert_eq!(ask(&proxy).await.unwrap().len(), REPLY_BYTES);
        assert!(start.elapsed() >= Duration::from_millis(60), "too early");
        assert_eq!(proxy.counts().delayed, 1);
    });
}

#[test]
fn a_change_resets_what_is_open() {
    with_proxy(Settings::default(), |proxy| async move {
        let mut stream = TcpStream::connect(proxy.local_addr().unwrap()).await.unwrap();
        stream.write_all(REQUEST).await.unwrap();
        stream.read_exact(&mut [0; REPLY_BYTES]).await.unwrap();
        proxy.set(Settings::default());
        assert_reset(&stream.read(&mut [0]).await.map(|_| Vec::new()));
        assert_eq!(proxy.counts().reset_by_change, 1);
    });
}

#[test]
fn a_dead_server_is_a_reset() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let closed = TcpListener::bind(ANY).await.unwrap().local_addr().unwrap().to_string();
        let proxy = FaultProxy::bind(ANY, closed, 1).await.unwrap();
        let serving = proxy.clone();
        tokio::spawn(async move { serving.serve().await });
        assert_reset(&ask(&proxy).await);
        assert_eq!(proxy.counts().upstream_unreachable, 1);
    });
}

#[test]
fn a_breaking_server_is_a_reset() {
    with_proxy(Settings::default(), |proxy| async move {
        let mut stream = TcpStream::connect(proxy.local_addr().unwrap()).await.unwrap();
        stream.write_all(&[b'!'; REQUEST.len()]).await.unwrap();
        let end = stream.read_to_end(&mut Vec::new()).await;
        assert_reset(&end.map(|_| Vec::new()));
    });
}

#[test]
fn is_controlled_by_lines() {
    with_proxy(Settings::default(), |proxy| async move {
        let listener = TcpListener::bind(ANY).await.unwrap();
        let mut control =
            BufReader::new(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
        tokio::spawn(serve_control(listener, proxy.clone()));
        let mut say = async |line: &str| {
            control.write_all(format!("{line}\n").as_bytes()).await.unwrap();
            let mut reply = String::new();
            control.read_line(&mut reply).await.unwrap();
            reply
        };
        assert!(say(r#"{"mode":"refuse"}"#).await.contains(r#""mode":"refuse""#));
        assert_reset(&ask(&proxy).await);
        let counts: Counts = serde_json::from_str(&say("counts").await).unwrap();
        assert_eq!((counts.connections, counts.refused), (1, 1));
        for wrong in ["", "pass", r#"{"los":1}"#, r#"{"loss":2}"#] {
            assert!(say(wrong).await.starts_with(r#"{"error":"#), "{wrong}");
        }
        let settings: Settings = serde_json::from_str(&say("settings").await).unwrap();
        assert_eq!(settings.mode, Mode::Refuse, "unchanged by what it did not understand");
        say("{}").await;
        assert_eq!(ask(&proxy).await.unwrap().len(), REPLY_BYTES);
    });
}
