//! Protobuf as it comes over the wire, walked without decoding it: an empty part is two bytes there, and may be two
//! hundred once it is decoded.

use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_length_delimiter, skip_field};

/// What stands in a message one after the other and has a length, texts and messages: the number of its field, and its
/// bytes. Ends after the first error.
pub(crate) struct Parts<'b>(pub(crate) &'b [u8]);

impl<'b> Iterator for Parts<'b> {
    type Item = Result<(u32, &'b [u8]), DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.0.is_empty() {
            match self.field() {
                Ok(None) => {}
                Ok(Some(part)) => return Some(Ok(part)),
                Err(error) => {
                    self.0 = &[];
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<'b> Parts<'b> {
    /// Steps over one field; none if it has no length.
    fn field(&mut self) -> Result<Option<(u32, &'b [u8])>, DecodeError> {
        let (tag, wire_type) = decode_key(&mut self.0)?;
        let rest = self.0;
        skip_field(wire_type, tag, &mut self.0, DecodeContext::default())?;
        if wire_type != WireType::LengthDelimited {
            return Ok(None);
        }
        let mut part = &rest[..rest.len() - self.0.len()];
        decode_length_delimiter(&mut part)?;
        Ok(Some((tag, part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_between_fields_of_every_kind() {
        // A number, a text, eight bytes, an empty message, four bytes, a group with a text in it, a text.
        let message = b"\x08\x96\x01\x12\x02hi\x1912345678\x22\x00\x2d1234\x33\x12\x02no\x34\x3a\x01!";
        let parts: Result<Vec<_>, _> = Parts(message).collect();
        assert_eq!(parts.unwrap(), [(2, &b"hi"[..]), (4, &b""[..]), (7, &b"!"[..])]);
    }

    #[test]
    fn what_breaks_off_is_an_error_and_the_end() {
        let parts: Vec<_> = Parts(b"\x0a\x01a\x0a\x05b").map(Result::ok).collect();
        assert_eq!(parts, [Some((1, &b"a"[..])), None]);
    }
}
