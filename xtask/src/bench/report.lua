-- Prints what a run of wrk measured as one line of JSON. wrk gives durations in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests_per_s":%.1f,"latency_ms_p50":%.3f,"latency_ms_p99":%.3f,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status
  ))
end
