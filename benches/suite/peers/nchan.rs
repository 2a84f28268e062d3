use std::net::SocketAddr;

use super::program::Program;
use super::{Door, Server, upgrade};
use crate::Bench;

/// Debian's.
pub(super) const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// nginx with nchan: subscribers on WebSockets, messages kept in memory.
pub(super) async fn start(bench: &Bench) -> anyhow::Result<Server> {
    let (program, address) = Program::start(bench, "nginx", |address, folder| {
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration(address))?;
        let (file, prefix) = (file.display().to_string(), folder.display().to_string());
        Ok(["-g", "daemon off;", "-e", "stderr", "-p", &prefix, "-c", &file].map(str::to_owned).to_vec())
    })
    .await?;
    Ok(Server {
        viewers: address,
        steps: vec![upgrade("/sub")],
        door: Door::Http { address, path: "/pub", takes_many: false },
        process: program.process(),
        _running: Box::new(program),
    })
}

/// As many workers as cores. A viewer begins with what comes next, and may be late by as many messages as are kept.
fn configuration(address: SocketAddr) -> String {
    format!(
        "\
load_module {MODULE};
worker_processes auto;
worker_rlimit_nofile 20000;
pid nginx.pid;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 1000000;
  nchan_message_buffer_length 10000;
  nchan_message_timeout 10s;
  nchan_shared_memory_size 512M;
  server {{
    listen {address} backlog=4096;
    location = /pub {{ nchan_publisher http; nchan_channel_id fan; }}
    location = /sub {{ nchan_subscriber websocket; nchan_channel_id fan; nchan_subscriber_first_message newest; }}
  }}
}}
"
    )
}
