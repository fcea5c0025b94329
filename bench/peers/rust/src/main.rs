//! Triggers events with the Rust crate, from callers that await each, and prints how many a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Client;
use pusher::PusherBuilder;
use serde_json::json;

fn setting(name: &str) -> u64 {
    let text = std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    text.parse()
        .unwrap_or_else(|_| panic!("{name} is not a number"))
}

#[tokio::main]
async fn main() {
    let (port, callers) = (setting("PORT"), setting("CALLERS"));
    let warm_up = Duration::from_millis(setting("WARM_UP_MS"));
    let time = Duration::from_millis(setting("MS"));
    // The authorities of the system, or those in SSL_CERT_FILE.
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_native_roots()
        .https_only()
        .enable_http1()
        .build();
    let client = Client::builder().build(connector);
    let pusher = PusherBuilder::new_with_client(client, "1", "key", "secret")
        .host(&format!("127.0.0.1:{port}"))
        .secure()
        .finalize();
    let pusher = Arc::new(pusher);

    let measured = Instant::now() + warm_up;
    let end = measured + time;
    let work = (0..callers).map(|caller| {
        let pusher = Arc::clone(&pusher);
        tokio::spawn(async move {
            let channel = format!("bench-{}", caller % 50);
            let data = json!({ "id": 1234567, "text": "x".repeat(75) });
            let (mut count, mut first) = (0u32, Instant::now());
            loop {
                pusher
                    .trigger(&channel, "message.created", &data)
                    .await
                    .expect("a trigger failed");
                let now = Instant::now();
                if now < measured {
                    first = now;
                    continue;
                }
                count += 1;
                if now >= end {
                    return f64::from(count) / (now - first).as_secs_f64();
                }
            }
        })
    });
    let mut per_second = 0.0;
    for caller in work.collect::<Vec<_>>() {
        per_second += caller.await.expect("a caller panicked");
    }
    println!("{per_second:.0}");
}
