/// Why the server closes a connection. The code says whether to come back: 1012 and 41xx yes, 45xx no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The service restarts.
    Restart,
    /// A frame could not be delivered in time, or pings stay without an answer.
    TooSlow,
    /// The log begins anew: come back without `resume`.
    LogBeginsAnew,
    /// Too many bad frames.
    BadFrames,
    /// More frames than the rate limit allows.
    TooFast,
    /// Too many connections.
    TooMany,
    /// A frame that is too large, or not text.
    TooLarge,
    /// The token or the session is over: revoked, logged out or expired.
    NoLongerLetIn,
}

impl Close {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 8] = [
        Self::Restart,
        Self::TooSlow,
        Self::LogBeginsAnew,
        Self::BadFrames,
        Self::TooFast,
        Self::TooMany,
        Self::TooLarge,
        Self::NoLongerLetIn,
    ];

    /// The close code.
    pub const fn code(self) -> u16 {
        match self {
            Self::Restart => 1012,
            Self::TooSlow => 4101,
            Self::LogBeginsAnew => 4102,
            Self::BadFrames => 4501,
            Self::TooFast => 4502,
            Self::TooMany => 4503,
            Self::TooLarge => 4504,
            Self::NoLongerLetIn => 4505,
        }
    }

    /// The reason sent along: at most 123 bytes.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Restart => "the service restarts, come back after a random wait",
            Self::TooSlow => "too slow: a frame could not be delivered in time, come back",
            Self::LogBeginsAnew => "the log begins anew, come back without `resume`",
            Self::BadFrames => "too many bad frames",
            Self::TooFast => "more frames than the rate limit allows",
            Self::TooMany => "too many connections",
            Self::TooLarge => "a frame that is too large, or not text",
            Self::NoLongerLetIn => "the token or the session is over: log in",
        }
    }
}
