//! How a frame is written. The library keeps, for each socket, a buffer as large as the largest frame that it has ever written
//! there: the present of many subjects would stay in memory once for each viewer. So large frames leave in fragments, which
//! clients put together again (RFC 6455, section 5.4).

use bytes::Bytes;
use hyper_tungstenite::tungstenite::protocol::frame::Frame;
use hyper_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use hyper_tungstenite::tungstenite::{Message, Utf8Bytes};

/// Frames that are larger leave in fragments.
pub(super) const LARGE: usize = 64 * 1024;
/// Most bytes of a fragment.
const FRAGMENT: usize = 16 * 1024;

/// A frame as one message.
pub(super) fn whole(frame: Bytes) -> Message {
    Message::Text(Utf8Bytes::try_from(frame).expect("JSON is UTF-8"))
}

/// A frame as the fragments of one message.
pub(super) fn of(mut frame: Bytes) -> impl Iterator<Item = Message> {
    let mut kind = Data::Text;
    std::iter::from_fn(move || {
        if frame.is_empty() {
            return None;
        }
        let piece = frame.split_to(first(&frame));
        let message = Message::Frame(Frame::message(piece, OpCode::Data(kind), frame.is_empty()));
        kind = Data::Continue;
        Some(message)
    })
}

/// Where the first fragment ends: before an object, so that who looks at the bytes as they come finds most objects whole.
fn first(json: &[u8]) -> usize {
    if json.len() <= FRAGMENT {
        return json.len();
    }
    json[..FRAGMENT].iter().rposition(|&byte| byte == b'{').filter(|&at| at > 0).unwrap_or(FRAGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_one_message_and_small() {
        let objects = vec![r#"{"subject":"Wörter","at":"2026-01-01T00:00:00Z"}"#; 10_000];
        let without_objects = format!("[{}]", "1,".repeat(40_000) + "1");
        for json in [format!("[{}]", objects.join(",")), without_objects] {
            let pieces: Vec<_> = of(json.clone().into()).collect();
            let frames: Vec<_> = pieces
                .into_iter()
                .map(|piece| match piece {
                    Message::Frame(frame) => frame,
                    other => panic!("{other}"),
                })
                .collect();
            let last = frames.len() - 1;
            assert!(last > 3);
            for (index, frame) in frames.iter().enumerate() {
                let header = frame.header();
                let kind = if index == 0 { Data::Text } else { Data::Continue };
                assert_eq!((header.opcode, header.is_final), (OpCode::Data(kind), index == last));
                assert!((1..=FRAGMENT).contains(&frame.payload().len()));
            }
            let together: Vec<u8> = frames.iter().flat_map(|frame| frame.payload().iter().copied()).collect();
            assert_eq!(String::from_utf8(together).unwrap(), json);
        }
    }
}
