//! From scores to shares of one.

/// A score that is so far behind the best, in logarithms, has no share.
const NEGLIGIBLE: f32 = -16.0;

/// Turns scores into shares of one: a score that is by `1 / sharpness` above another has e times its share.
pub(super) fn softmax(scores: &mut [f32], sharpness: f32) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        let behind = sharpness * (*score - top);
        *score = if behind > NEGLIGIBLE { libm::expf(behind) } else { 0.0 };
        sum += *score;
    }
    scores.iter_mut().for_each(|share| *share /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_one_and_what_is_far_behind_has_none() {
        let mut scores = [2.0, 1.0, -40.0];
        softmax(&mut scores, 1.0);
        assert!((scores[0] / scores[1] - core::f32::consts::E).abs() < 1e-5);
        assert_eq!((scores[0] + scores[1], scores[2]), (1.0, 0.0));
    }
}
