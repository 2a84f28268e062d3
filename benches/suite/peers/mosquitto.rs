use super::program::Program;
use super::{Door, Server};
use crate::Bench;
use crate::crowd::Step;

/// MQTT 3.1.1: a clean session without a name, for which no sign of life is asked.
const CONNECT: &[u8] = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00";
const CONNECTED: &[u8] = b"\x20\x02\x00\x00";
/// To the topic `fan`, at most once.
const SUBSCRIBE: &[u8] = b"\x82\x08\x00\x01\x00\x03fan\x00";
const SUBSCRIBED: &[u8] = b"\x90\x03\x00\x01\x00";

/// Mosquitto, at QoS 0, nothing stored.
pub(super) async fn start(bench: &Bench) -> anyhow::Result<Server> {
    let (program, address) = Program::start(bench, "mosquitto", |address, folder| {
        let file = folder.join("mosquitto.conf");
        let listener = format!("listener {} {}", address.port(), address.ip());
        std::fs::write(&file, format!("{listener}\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\n"))?;
        Ok(vec!["-c".to_owned(), file.display().to_string()])
    })
    .await?;
    let connect = Step { says: CONNECT.to_vec(), hears: CONNECTED };
    Ok(Server {
        viewers: address,
        steps: vec![connect.clone(), Step { says: SUBSCRIBE.to_vec(), hears: SUBSCRIBED }],
        door: Door::Stream { address, greeting: connect, frame: publish },
        process: program.process(),
        _running: Box::new(program),
    })
}

fn publish(text: &str) -> Vec<u8> {
    const TOPIC: &[u8] = b"\x00\x03fan";
    let mut packet = vec![0x30];
    let mut length = TOPIC.len() + text.len();
    // Seven bits in each byte, the lowest first; the eighth says that more follow.
    while length > 127 {
        packet.push((length % 128) as u8 | 0x80);
        length /= 128;
    }
    packet.push(length as u8);
    [&packet, TOPIC, text.as_bytes()].concat()
}
