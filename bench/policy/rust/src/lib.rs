// SPDX-License-Identifier: Apache-2.0
//! The requests and the clock, as ../../measure.h has them for C++.

use std::hint::black_box;
use std::process::exit;

/// Both engines allocate much: an allocator such as a service would take for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A line of the file: decision, tab, rule, tab, facts as a JSON object.
pub struct Request {
    pub decision: String,
    pub rule: String,
    pub facts: String,
}

pub fn stop(message: &str) -> ! {
    eprintln!("{message}");
    exit(1)
}

/// What a call gives, or the end of the program.
pub fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| stop(&error.to_string()))
}

pub fn read_requests(path: &str) -> Vec<Request> {
    let text = must(std::fs::read_to_string(path));
    let requests: Vec<Request> = text
        .lines()
        .map(|line| {
            let mut parts = line.splitn(3, '\t').map(str::to_owned);
            let mut part = || parts.next().unwrap_or_else(|| stop("A request is cut short."));
            Request { decision: part(), rule: part(), facts: part() }
        })
        .collect();
    if requests.is_empty() {
        stop(&format!("{path} holds no requests."));
    }
    requests
}

/// Ends the program, showing the request, when an answer is not the right one.
pub fn expect(request: &Request, decision: &str, rule: &str) {
    if decision != request.decision || rule != request.rule {
        stop(&format!(
            "WRONG ANSWER: {decision} by {rule}, not {} by {}, to {}",
            request.decision, request.rule, request.facts
        ));
    }
}

fn cpu_seconds() -> f64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut now) };
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

/// Nanoseconds of the process's CPU time for one call: the median of rounds over all requests, at
/// least five, for at least a second.
pub fn median_ns<T>(count: usize, mut each: impl FnMut(usize) -> T) -> f64 {
    let mut rounds = Vec::new();
    let begun = cpu_seconds();
    while rounds.len() < 5 || cpu_seconds() - begun < 1.0 {
        let start = cpu_seconds();
        for i in 0..count {
            black_box(each(i));
        }
        rounds.push((cpu_seconds() - start) * 1e9 / count as f64);
    }
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
