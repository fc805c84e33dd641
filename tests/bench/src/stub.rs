//! The server of the race: S3 as far as a copy or a listing needs it, and nothing kept on disk.
//!
//! It speaks HTTP/1.1 by hand, believes every signature, and answers each request a fixed time
//! after it arrived whole. Its buckets are `source`, whose keys are made up as they are asked for
//! ([`keys`]) beside the one large object `big`, and `target`, which remembers what was copied
//! there. `PUT /-/terms` makes everything new under other [`Terms`], `GET /-/counts` tells what
//! was seen and `PUT /-/counts` begins to count anew.

mod answer;
mod connection;
mod keys;
mod listing;
mod request;
mod state;
mod text;

use std::sync::Arc;

use tokio::net::TcpListener;

use state::State;
pub(crate) use state::{Counts, Terms};

/// Bytes of each part that the large object is copied in.
pub(crate) const PART: u64 = 105 << 20;

/// Serves on a free port of loopback, tells it on standard output, and ends with its parent.
pub(crate) fn command() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(serve()).map_err(|error| error.to_string())
}

async fn serve() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?.port());
    // Whoever started it holds the other end of its standard input.
    std::thread::spawn(|| {
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
        std::process::exit(0);
    });
    let state = Arc::new(State::default());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection::serve(stream, Arc::clone(&state)));
    }
}
