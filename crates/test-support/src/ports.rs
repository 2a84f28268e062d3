use std::net::TcpListener;

/// A port that nobody listens on, below those that the system gives to clients: so that none of them takes it while its
/// server is down for a moment.
pub fn free_port() -> std::io::Result<u16> {
    loop {
        let drawn = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let port = 10_000 + drawn % 20_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
}
