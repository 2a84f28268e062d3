use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A queue that is bounded by the number of its items and by their weight together. Many put in, one takes out.
pub(crate) struct Queue<T> {
    waiting: Mutex<Waiting<T>>,
    arrived: Notify,
    most_items: usize,
    most_weight: usize,
}

struct Waiting<T> {
    items: VecDeque<(T, usize)>,
    weight: usize,
}

impl<T> Queue<T> {
    pub(crate) const fn new(most_items: usize, most_weight: usize) -> Self {
        let waiting = Mutex::new(Waiting { items: VecDeque::new(), weight: 0 });
        Self { waiting, arrived: Notify::const_new(), most_items, most_weight }
    }

    /// Puts an item in; false if there is no room for it.
    pub(crate) fn push(&self, item: T, weight: usize) -> bool {
        let mut waiting = self.waiting();
        if waiting.items.len() >= self.most_items || waiting.weight.saturating_add(weight) > self.most_weight {
            return false;
        }
        waiting.items.push_back((item, weight));
        waiting.weight += weight;
        drop(waiting);
        self.arrived.notify_one();
        true
    }

    /// Takes the oldest item out.
    pub(crate) fn pop(&self) -> Option<T> {
        let mut waiting = self.waiting();
        let (item, weight) = waiting.items.pop_front()?;
        waiting.weight -= weight;
        Some(item)
    }

    /// Waits until there is an item. Cancel-safe.
    pub(crate) async fn ready(&self) {
        while self.waiting().items.is_empty() {
            self.arrived.notified().await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn it_holds_so_many_items_and_not_more() {
        let queue = Queue::new(2, 100);
        assert!(queue.push("a", 1) && queue.push("b", 1));
        assert!(!queue.push("c", 1));
        assert_eq!(queue.pop(), Some("a"));
        assert!(queue.push("d", 1));
        assert_eq!([queue.pop(), queue.pop(), queue.pop()], [Some("b"), Some("d"), None]);
    }

    #[test]
    fn it_holds_so_much_weight_and_not_more() {
        let queue = Queue::new(100, 10);
        assert!(!queue.push("a", 11));
        assert!(queue.push("b", 6));
        assert!(!queue.push("c", 5) && !queue.push("d", usize::MAX));
        assert!(queue.push("e", 4));
        assert_eq!(queue.pop(), Some("b"));
        assert!(queue.push("f", 6));
    }

    #[test]
    fn it_is_ready_when_there_is_an_item() {
        let queue = Queue::new(1, 1);
        assert!(queue.ready().now_or_never().is_none());
        queue.push((), 1);
        assert!(queue.ready().now_or_never().is_some());
        assert!(queue.ready().now_or_never().is_some(), "looking takes nothing");
        queue.pop();
        assert!(queue.ready().now_or_never().is_none());
    }
}
