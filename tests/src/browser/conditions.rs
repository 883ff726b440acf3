//! The circumstances somebody is in: connection, device, language, clock.

use std::panic::Location;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chromiumoxide::{
    Command,
    cdp::browser_protocol::{
        emulation::{
            MediaFeature, SetCpuThrottlingRateParams, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
            SetLocaleOverrideParams, SetTimezoneOverrideParams, SetTouchEmulationEnabledParams,
            SetUserAgentOverrideParams,
        },
        fetch::{EnableParams, EventRequestPaused, FulfillRequestParams, HeaderEntry, RequestPattern},
        network::{EmulateNetworkConditionsByRuleParams, NetworkConditions, OverrideNetworkStateParams},
        web_authn::{
            AddVirtualAuthenticatorParams, AuthenticatorProtocol, AuthenticatorTransport,
            EnableParams as EnablePasskeysParams, VirtualAuthenticatorOptions,
        },
    },
    error::CdpError,
};

use futures::StreamExt;

use super::Person;

/// No limit, in the protocol's words.
const UNLIMITED: f64 = -1.0;

impl Person {
    /// Takes the network away, or gives it back. Open sockets are not closed: they stall, as on a line that has just
    /// gone, and what was said meanwhile arrives when it is back.
    pub async fn offline(&self, offline: bool) {
        let everywhere = NetworkConditions::new("", 0.0, UNLIMITED, UNLIMITED);
        self.set(EmulateNetworkConditionsByRuleParams::new(offline, vec![everywhere])).await;
        // What the page is told, `navigator.onLine` and its events, is set beside it.
        self.set(OverrideNetworkStateParams::new(offline, 0.0, UNLIMITED, UNLIMITED)).await;
    }

    /// A processor slower by this factor: 4 is about a phone. 1 undoes it.
    #[track_caller]
    pub fn slow_cpu(&self, factor: f64) -> impl Future<Output = ()> {
        self.set(SetCpuThrottlingRateParams::new(factor))
    }

    /// A window of this size, in CSS pixels.
    #[track_caller]
    pub fn window(&self, width: i64, height: i64) -> impl Future<Output = ()> {
        self.set(SetDeviceMetricsOverrideParams::new(width, height, 1.0, false))
    }

    /// A phone held upright: small, dense, touched.
    pub async fn phone(&self) {
        self.set(SetDeviceMetricsOverrideParams::new(390, 844, 3.0, true)).await;
        self.set(SetTouchEmulationEnabledParams::new(true)).await;
    }

    /// Whether the system is set to dark, and to less motion.
    #[track_caller]
    pub fn prefers(&self, dark: bool, less_motion: bool) -> impl Future<Output = ()> {
        let feature = |name: &str, value: &str| MediaFeature::new(name, value);
        self.set(
            SetEmulatedMediaParams::builder()
                .feature(feature("prefers-color-scheme", if dark { "dark" } else { "light" }))
                .feature(feature(
                    "prefers-reduced-motion",
                    if less_motion { "reduce" } else { "no-preference" },
                ))
                .build(),
        )
    }

    /// Whether the system replaces the colours of pages by a few of its own.
    #[track_caller]
    pub fn forces_colors(&self) -> impl Future<Output = ()> {
        self.set(
            SetEmulatedMediaParams::builder().feature(MediaFeature::new("forced-colors", "active")).build(),
        )
    }

    /// The browser's language, such as `zh-CN`: for `navigator.language`, `Accept-Language` and `Intl` alike.
    pub async fn speaks(&self, language: &str) {
        let agent = self.evaluate::<String>("navigator.userAgent").await;
        let mut identity = SetUserAgentOverrideParams::new(agent);
        identity.accept_language = Some(language.to_owned());
        self.set(identity).await;
        self.set(SetLocaleOverrideParams::builder().locale(language).build()).await;
    }

    /// The time zone, such as `Asia/Taipei`.
    #[track_caller]
    pub fn lives_in(&self, zone: &str) -> impl Future<Output = ()> {
        self.set(SetTimezoneOverrideParams::new(zone))
    }

    /// The world outside, which cannot be reached: whatever is fetched from this address, in which `*` is anything, is
    /// this script.
    #[track_caller]
    pub fn outside(&self, address: &str, script: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        let pattern = RequestPattern { url_pattern: Some(address.to_owned()), ..RequestPattern::default() };
        let (what, body) = (format!("have {address} answered"), BASE64.encode(script));
        async move {
            let listening = async {
                let paused = self.page.event_listener::<EventRequestPaused>().await?;
                self.page.execute(EnableParams::builder().pattern(pattern).build()).await?;
                Ok::<_, CdpError>(paused)
            };
            let mut paused = match listening.await {
                Ok(paused) => paused,
                Err(error) => self.give_up(at, &what, &error).await,
            };
            let page = self.page.clone();
            // Ends with the page.
            tokio::spawn(async move {
                while let Some(request) = paused.next().await {
                    let mut answer = FulfillRequestParams::new(request.request_id.clone(), 200);
                    answer.response_headers = Some(vec![HeaderEntry::new("Content-Type", "text/javascript")]);
                    answer.body = Some(body.clone().into());
                    if page.execute(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    }

    /// A device that keeps passkeys, and knows by its finger whose it is; nobody has to touch it.
    pub async fn keeps_passkeys(&self) {
        let (protocol, transport) = (AuthenticatorProtocol::Ctap2, AuthenticatorTransport::Internal);
        let device = VirtualAuthenticatorOptions {
            has_resident_key: Some(true),
            has_user_verification: Some(true),
            is_user_verified: Some(true),
            automatic_presence_simulation: Some(true),
            ..VirtualAuthenticatorOptions::new(protocol, transport)
        };
        self.set(EnablePasskeysParams::default()).await;
        self.set(AddVirtualAuthenticatorParams::new(device)).await;
    }

    #[track_caller]
    fn set<C: Command>(&self, condition: C) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let method = condition.identifier();
            if let Err(error) = self.page.execute(condition).await {
                self.give_up(at, &method, &error).await;
            }
        }
    }
}
