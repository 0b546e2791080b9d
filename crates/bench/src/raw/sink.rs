//! A bare place to send files to: length and bytes over TCP, written, flushed, named, answered.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Instant;

/// Seconds for `clients` at once to send `each` files of `bytes` bytes and hear that each is durable.
pub(crate) fn send(
    folder: &Path,
    clients: usize,
    each: usize,
    bytes: usize,
) -> anyhow::Result<f64> {
    std::fs::create_dir_all(folder)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let photo = vec![0x5a; bytes];
    let photo = &photo;
    let seconds = std::thread::scope(|scope| -> anyhow::Result<f64> {
        scope.spawn(|| {
            for (number, stream) in listener.incoming().take(clients).flatten().enumerate() {
                scope.spawn(move || take_in(stream, folder, number, bytes));
            }
        });
        let began = Instant::now();
        let senders: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(move || -> std::io::Result<()> {
                    let mut stream = TcpStream::connect(address)?;
                    for _ in 0..each {
                        stream.write_all(photo)?;
                        stream.read_exact(&mut [0])?;
                    }
                    Ok(())
                })
            })
            .collect();
        for sender in senders {
            sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
        }
        Ok(began.elapsed().as_secs_f64())
    })?;
    std::fs::remove_dir_all(folder)?;
    Ok(seconds)
}

fn take_in(
    mut stream: TcpStream,
    folder: &Path,
    number: usize,
    bytes: usize,
) -> std::io::Result<()> {
    let mut photo = vec![0; bytes];
    for n in 0.. {
        if stream.read_exact(&mut photo).is_err() {
            break;
        }
        let (passing, name) = (format!(".{number}-{n}"), format!("{number}-{n}"));
        let mut file = File::create(folder.join(&passing))?;
        file.write_all(&photo)?;
        file.sync_all()?;
        std::fs::rename(folder.join(passing), folder.join(name))?;
        File::open(folder)?.sync_all()?;
        stream.write_all(&[1])?;
    }
    Ok(())
}
