//! Waiting, but not for ever.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

/// What something gives within this time; `None` when it takes longer. In a durable object only while somebody waits
/// for an answer: a timer keeps it awake.
pub(crate) async fn within<F: Future>(ms: u64, future: F) -> Option<F::Output> {
    let (mut future, mut late) = (pin!(future), pin!(worker::Delay::from(Duration::from_millis(ms))));
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        late.as_mut().poll(context).map(|()| None)
    })
    .await
}
