//! Two short notes: somebody waits.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// The notes, in hertz, one after the other: a fourth upwards.
const NOTES: [f32; 2] = [659.26, 880.0];
/// How long each sounds, in seconds.
const LENGTH_S: f64 = 0.18;
/// How loud, of 1.
const LOUDNESS: f32 = 0.08;

thread_local! {
    /// One for all: a browser gives a page only a few.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Gets ready to be heard, which browsers allow while somebody presses something.
pub(super) fn wake() {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            // Where there is no sound, there is the list.
            *context = AudioContext::new().ok();
        }
        if let Some(context) = context
            && context.state() == AudioContextState::Suspended
        {
            // It is refused while nobody has pressed anything; the next press tries again.
            let _ = context.resume();
        }
    });
}

/// Rings once. What cannot be heard now is not heard later either: the notes of a silent page would wait for its first sound.
pub(super) fn ring() {
    CONTEXT.with_borrow(|context| {
        if let Some(context) = context
            && context.state() == AudioContextState::Running
        {
            // There is nobody to tell that nothing was heard.
            let _ = play(context);
        }
    });
}

/// Rings for whoever has just pressed something: what has only begun to be ready is about to be.
pub(super) fn try_out() {
    wake();
    CONTEXT.with_borrow(|context| context.as_ref().map(play));
}

fn play(context: &AudioContext) -> Result<(), JsValue> {
    let mut from = context.current_time();
    for note in NOTES {
        let (oscillator, gain) = (context.create_oscillator()?, context.create_gain()?);
        oscillator.set_type(OscillatorType::Sine);
        oscillator.frequency().set_value(note);
        let to = from + LENGTH_S;
        // It begins and ends softly: what is cut off clicks.
        gain.gain().set_value_at_time(0.0, from)?;
        gain.gain().linear_ramp_to_value_at_time(LOUDNESS, from + LENGTH_S / 8.0)?;
        gain.gain().linear_ramp_to_value_at_time(0.0, to)?;
        oscillator.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&context.destination())?;
        oscillator.start_with_when(from)?;
        oscillator.stop_with_when(to)?;
        from = to;
    }
    Ok(())
}
