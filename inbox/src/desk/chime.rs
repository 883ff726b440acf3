//! Two short notes: somebody waits.

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

/// The notes, in hertz, one after the other: a fourth upwards.
const NOTES: [f32; 2] = [659.26, 880.0];
/// How long each sounds, in seconds.
const LENGTH_S: f64 = 0.18;
/// How loud, of 1.
const LOUDNESS: f32 = 0.08;

/// Rings once. A browser that does not let the page be heard yet stays silent.
pub(super) fn ring() {
    // There is nobody to tell that nothing was heard.
    let _ = try_ring();
}

fn try_ring() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let begin = context.current_time();
    let mut end = begin;
    for note in NOTES {
        let (oscillator, gain) = (context.create_oscillator()?, context.create_gain()?);
        oscillator.set_type(OscillatorType::Sine);
        oscillator.frequency().set_value(note);
        let (from, to) = (end, end + LENGTH_S);
        // It begins and ends softly: what is cut off clicks.
        gain.gain().set_value_at_time(0.0, from)?;
        gain.gain().linear_ramp_to_value_at_time(LOUDNESS, from + LENGTH_S / 8.0)?;
        gain.gain().linear_ramp_to_value_at_time(0.0, to)?;
        oscillator.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&context.destination())?;
        oscillator.start_with_when(from)?;
        oscillator.stop_with_when(to)?;
        end = to;
    }
    Ok(())
}
