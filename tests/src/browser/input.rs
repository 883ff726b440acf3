//! Mouse, keyboard and input method, as the browser gets them from the system.

use std::{panic::Location, time::Duration};

use chromiumoxide::{
    cdp::{
        browser_protocol::{
            dom::{
                BackendNodeId, DescribeNodeParams, FocusParams, GetContentQuadsParams,
                GetNodeForLocationParams, ResolveNodeParams, ScrollIntoViewIfNeededParams,
            },
            input::{
                DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams,
                DispatchMouseEventType, ImeSetCompositionParams, InsertTextParams, MouseButton,
            },
            page::GetLayoutMetricsParams,
        },
        js_protocol::runtime::{CallArgument, CallFunctionOnParams},
    },
    error::CdpError,
    keys::get_key_definition,
    layout::Point,
};

use super::{
    By, Person,
    person::{NotYet, one},
};

/// Between two looks at where something is: what has moved meanwhile is waited for.
const FRAME: Duration = Duration::from_millis(40);

/// The key code of every key that an input method has taken for itself.
const TAKEN_BY_INPUT_METHOD: i64 = 229;

/// Whether what a click would hit belongs to what was meant: it is inside, across shadow roots, or its label.
const BELONGS: &str = "function (hit) {
    if (hit.closest?.('label')?.control === this) return true;
    for (let node = hit; node; node = node.parentNode ?? node.host) if (node === this) return true;
    return false;
}";

impl Person {
    /// Clicks it, once it is there alone, enabled, at rest, and covered by nothing.
    #[track_caller]
    pub fn click(&self, by: By) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let point = self.aim(at, "click", &by).await;
            if let Err(error) = self.press_mouse(point).await {
                self.give_up(at, &format!("click {by}"), &error).await;
            }
        }
    }

    /// Moves the mouse over it.
    #[track_caller]
    pub fn hover(&self, by: By) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let point = self.aim(at, "hover over", &by).await;
            if let Err(error) = self.page.move_mouse(point).await {
                self.give_up(at, &format!("hover over {by}"), &error).await;
            }
        }
    }

    /// Puts the keyboard's focus on it, as the tabulator key would, without a click.
    #[track_caller]
    pub fn focus(&self, by: By) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.keep_trying(at, &format!("focus {by}"), async || {
                let target = self.handle(&by).await?;
                self.page.execute(FocusParams::builder().backend_node_id(target).build()).await?;
                Ok(())
            })
            .await;
        }
    }

    /// Clicks into it and types, key by key.
    #[track_caller]
    pub fn type_text(&self, by: By, text: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let point = self.aim(at, "type into", &by).await;
            let typed = async {
                self.press_mouse(point).await?;
                for character in text.chars() {
                    self.type_character(character).await?;
                }
                Ok::<_, CdpError>(())
            };
            if let Err(error) = typed.await {
                self.give_up(at, &format!("type into {by}"), &error).await;
            }
        }
    }

    /// Presses a key: `Enter`, `Tab`, `Escape`, `ArrowDown`, `a`, or with modifiers: `Shift+Enter`, `Control+k`.
    #[track_caller]
    pub fn press(&self, keys: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            if let Err(error) = self.press_keys(keys, None).await {
                self.give_up(at, &format!("press {keys}"), &error).await;
            }
        }
    }

    /// Shows this in the focused field as an input method's unfinished text, the caret at its end.
    #[track_caller]
    pub fn compose(&self, text: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let caret = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
            if let Err(error) = self.page.execute(ImeSetCompositionParams::new(text, caret, caret)).await {
                self.give_up(at, &format!("compose “{text}”"), &error).await;
            }
        }
    }

    /// Finishes what was composed, as this text, by a key that the input method takes for itself. The page sees the
    /// key all the same, which is the trap: an Enter that only picks a word.
    #[track_caller]
    pub fn finish_composing(&self, key: &str, text: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let finished = async {
                self.press_keys(key, Some(TAKEN_BY_INPUT_METHOD)).await?;
                self.page.execute(InsertTextParams::new(text)).await?;
                Ok::<_, CdpError>(())
            };
            if let Err(error) = finished.await {
                self.give_up(at, &format!("finish composing “{text}”"), &error).await;
            }
        }
    }

    /// Waits until it can be aimed at, and says where.
    async fn aim(&self, at: &Location<'_>, doing: &str, by: &By) -> Point {
        self.keep_trying(at, &format!("{doing} {by}"), async || {
            let target = self.handle(by).await?;
            let (quads, point) = self.place(target).await?;
            tokio::time::sleep(FRAME).await;
            if self.place(target).await?.0 != quads {
                return Err(NotYet::Moving);
            }
            self.check_hit(target, point).await?;
            Ok(point)
        })
        .await
    }

    async fn handle(&self, by: &By) -> Result<BackendNodeId, NotYet> {
        let element = one(self.read().await?.find(by))?;
        if element.is_disabled() {
            return Err(NotYet::Disabled);
        }
        element.handle.ok_or(NotYet::Unseen)
    }

    /// The corners of what is to be aimed at, and the middle of it, in the window.
    async fn place(&self, target: BackendNodeId) -> Result<(Vec<f64>, Point), NotYet> {
        self.page.execute(ScrollIntoViewIfNeededParams::builder().backend_node_id(target).build()).await?;
        let corners =
            self.page.execute(GetContentQuadsParams::builder().backend_node_id(target).build()).await?;
        let quads = corners.result.quads.into_iter().map(|quad| quad.inner().clone());
        let visible = |quad: &Vec<f64>| quad.len() == 8 && (quad[4] - quad[0]) * (quad[5] - quad[1]) > 1.0;
        let quad = quads.into_iter().find(visible).ok_or(NotYet::Unseen)?;
        let middle = Point::new((quad[0] + quad[4]) / 2.0, (quad[1] + quad[5]) / 2.0);
        Ok((quad, middle))
    }

    /// Whether a click there would reach it.
    async fn check_hit(&self, target: BackendNodeId, point: Point) -> Result<(), NotYet> {
        let scrolled = self.page.execute(GetLayoutMetricsParams::default()).await?.result.css_layout_viewport;
        let (x, y) = (point.x as i64 + scrolled.page_x, point.y as i64 + scrolled.page_y);
        let hit = self.page.execute(GetNodeForLocationParams::new(x, y)).await?.result.backend_node_id;
        let described = self.page.execute(DescribeNodeParams::builder().backend_node_id(hit).build()).await?;
        let covering = || {
            let node = &described.node;
            NotYet::Covered(format!(
                "<{} {}>",
                node.local_name,
                node.attributes.iter().flatten().fold(String::new(), |all, part| all + part + " ")
            ))
        };
        let resolve = async |node| -> Result<_, CdpError> {
            let resolved =
                self.page.execute(ResolveNodeParams::builder().backend_node_id(node).build()).await?;
            resolved.result.object.object_id.ok_or(CdpError::NotFound)
        };
        let mut question = CallFunctionOnParams::new(BELONGS);
        question.object_id = Some(resolve(target).await?);
        question.arguments = Some(vec![CallArgument::builder().object_id(resolve(hit).await?).build()]);
        question.return_by_value = Some(true);
        // Nodes of two frames cannot be compared, and then neither belongs to the other.
        let answer = self.page.execute(question).await.map_err(|_| covering())?;
        match answer.result.result.value {
            Some(serde_json::Value::Bool(true)) => Ok(()),
            _ => Err(covering()),
        }
    }

    async fn press_mouse(&self, point: Point) -> Result<(), CdpError> {
        self.page.move_mouse(point).await?;
        for kind in [DispatchMouseEventType::MousePressed, DispatchMouseEventType::MouseReleased] {
            let mut event = DispatchMouseEventParams::new(kind, point.x, point.y);
            event.button = Some(MouseButton::Left);
            event.click_count = Some(1);
            self.page.execute(event).await?;
        }
        Ok(())
    }

    async fn type_character(&self, character: char) -> Result<(), CdpError> {
        let text = character.to_string();
        if get_key_definition(&text).is_some() {
            self.press_keys(&text, None).await
        } else {
            self.page.execute(InsertTextParams::new(text)).await.map(|_| ())
        }
    }

    async fn press_keys(&self, keys: &str, key_code: Option<i64>) -> Result<(), CdpError> {
        let (modifiers, key) = match keys.rsplit_once('+') {
            Some((modifiers, key)) if !modifiers.is_empty() && !key.is_empty() => (modifiers, key),
            _ => ("", keys),
        };
        let modifiers = modifiers.split('+').filter(|name| !name.is_empty()).try_fold(0, |bits, name| {
            let bit = match name {
                "Alt" => 1,
                "Control" => 2,
                "Meta" => 4,
                "Shift" => 8,
                _ => return Err(CdpError::msg(format!("there is no modifier {name}"))),
            };
            Ok(bits | bit)
        })?;
        let definition =
            get_key_definition(key).ok_or_else(|| CdpError::msg(format!("there is no key {key}")))?;
        let is_character = definition.key.chars().count() == 1;
        let text = definition.text.or(is_character.then_some(definition.key));
        // A key that is a shortcut's, or that the input method has taken, writes nothing.
        let text = text.filter(|_| key_code.is_none() && modifiers & !8 == 0);
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let down = kind == DispatchKeyEventType::KeyDown;
            let kind = if down && text.is_none() { DispatchKeyEventType::RawKeyDown } else { kind };
            let mut event = DispatchKeyEventParams::new(kind);
            event.key = Some(definition.key.to_owned());
            event.code = Some(definition.code.to_owned());
            event.windows_virtual_key_code = Some(key_code.unwrap_or(definition.key_code));
            event.modifiers = Some(modifiers);
            event.text = text.filter(|_| down).map(str::to_owned);
            self.page.execute(event).await?;
        }
        Ok(())
    }
}
