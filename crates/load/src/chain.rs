/// The chain of cursors as one viewer follows it, over all of its connections.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// That of the last frame that had one; empty before the first.
    cursor: String,
    /// On the present connection: before it is answered there are signs of life already, which are of no chain.
    is_subscribed: bool,
}

impl Chain {
    /// A connection begins; answers the cursor to resume with.
    pub(crate) fn connect(&mut self) -> Option<&str> {
        self.is_subscribed = false;
        Some(&*self.cursor).filter(|cursor| !cursor.is_empty())
    }

    pub(crate) fn subscribed(&mut self) {
        self.is_subscribed = true;
    }

    /// It begins with the present; answers whether it had begun before.
    pub(crate) fn begin(&mut self, cursor: &str) -> bool {
        let is_anew = !self.cursor.is_empty();
        cursor.clone_into(&mut self.cursor);
        is_anew
    }

    /// Answers whether an update follows what came before it, and goes on from there.
    pub(crate) fn go_on(&mut self, prev: &str, cursor: &str) -> bool {
        let follows = prev == self.cursor;
        cursor.clone_into(&mut self.cursor);
        follows
    }

    /// Nothing happened up to here that the viewer wants. Answers whether that is so: before the answer to a subscription
    /// it says nothing.
    pub(crate) fn beat(&mut self, cursor: &str) -> bool {
        if self.is_subscribed {
            cursor.clone_into(&mut self.cursor);
        }
        self.is_subscribed
    }

    pub(crate) fn cursor(&self) -> &str {
        &self.cursor
    }

    /// What was seen belongs to a log that is no more.
    pub(crate) fn forget(&mut self) {
        self.cursor.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_of_life_before_the_subscription_skips_nothing() {
        let mut chain = Chain::default();
        assert_eq!(chain.connect(), None);
        assert!(!chain.beat("1:3"));
        chain.subscribed();
        assert!(!chain.begin("1:4"));
        assert!(chain.go_on("1:4", "1:5"));
        assert!(chain.beat("1:6"));
        assert_eq!(chain.connect(), Some("1:6"));
        assert!(!chain.beat("1:9"), "what was missed is still to come");
        assert_eq!(chain.cursor(), "1:6");
        chain.subscribed();
        assert!(chain.go_on("1:6", "1:9"));
        assert!(!chain.go_on("1:10", "1:11"), "what is between is missing");
        assert!(chain.begin("1:20"), "it had begun before");
    }
}
