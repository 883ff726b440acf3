//! A choice that counts once it stands: whoever chooses with the arrow keys passes over what they do not mean.

use std::time::Duration;

use deskbell_browser::clock::Timer;
use leptos::prelude::*;

/// How long a choice has to stand.
const STANDS: Duration = Duration::from_millis(700);

/// A choice that is told when it has stood for a moment, or when its field is left.
pub struct Settling<T: Send + Sync + 'static> {
    chosen: StoredValue<Option<T>>,
    timer: StoredValue<Option<Timer>, LocalStorage>,
    tell: Callback<T>,
}

// Derived, it would ask that what is chosen can be copied.
impl<T: Send + Sync + 'static> Clone for Settling<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Settling<T> {}

impl<T: Send + Sync + 'static> Settling<T> {
    /// Whom to tell, for as long as the owner that calls lives; what stands when that ends is told then.
    pub fn new(tell: impl Fn(T) + Send + Sync + 'static) -> Self {
        let settling = Self {
            chosen: StoredValue::new(None),
            timer: StoredValue::new_local(None),
            tell: Callback::new(tell),
        };
        on_cleanup(move || settling.settle());
        settling
    }

    /// This is chosen, in the place of what was and has not stood yet.
    pub fn choose(self, value: T) {
        self.chosen.set_value(Some(value));
        self.timer.set_value(Timer::after(STANDS, move || self.settle()));
    }

    /// What is chosen stands.
    pub fn settle(self) {
        if let Some(value) = self.chosen.try_update_value(Option::take).flatten() {
            self.tell.try_run(value);
        }
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::ui::clock::sleep;

    #[wasm_bindgen_test]
    async fn only_what_stands_is_told_and_once() {
        let owner = Owner::new();
        let (told, settling) = owner.with(|| {
            let told = RwSignal::new(Vec::new());
            (told, Settling::new(move |value: u8| told.update(|told| told.push(value))))
        });
        settling.choose(1);
        settling.choose(2);
        assert!(told.get_untracked().is_empty());
        sleep(900).await;
        assert_eq!(told.get_untracked(), [2]);
        settling.choose(3);
        settling.settle();
        settling.settle();
        assert_eq!(told.get_untracked(), [2, 3]);
        sleep(900).await;
        assert_eq!(told.get_untracked(), [2, 3]);
    }
}
