//! The promise, step by step: the system calls of a run that matter to what is on disk and on the line are numbered, a run is killed at
//! each of them, and the next run must settle all of it: nothing is bought twice, nothing that was bought is lost.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clapboard::kling::Target;
use clapboard::ledger::{ShotState, Standing};
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::submit_run::{Film, block_on, order};
use crate::support::{Watchdog, until};

const SHOTS: [&str; 2] = ["a", "b"];

/// The calls that a kill before or after makes a difference for.
const CALLS: &[i64] = &[
    libc::SYS_write,
    libc::SYS_pwrite64,
    libc::SYS_writev,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_recvfrom,
    libc::SYS_connect,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_rename,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_unlink,
    libc::SYS_unlinkat,
    libc::SYS_mkdir,
    libc::SYS_flock,
    libc::SYS_ftruncate,
];

/// A run in a process of its own, for the tests below; by itself it does nothing.
#[test]
#[ignore = "is started by the other tests"]
fn a_run_to_be_killed() {
    let Ok(root) = std::env::var("CLAPBOARD_STEPS_ROOT") else { return };
    let url = std::env::var("CLAPBOARD_STEPS_URL").unwrap();
    let api = Target::parse(&std::env::var("CLAPBOARD_STEPS_API").unwrap()).unwrap();
    // Until the tracer is there.
    std::io::stdin().read_exact(&mut [0]).unwrap();
    let film = Film::at(api, root.into(), &url);
    resume(&film);
}

/// What `submit` does: settles what is unknown, and buys.
fn resume(film: &Film) {
    block_on(async {
        let session = film.session();
        let unknown: Vec<_> = {
            let ledger = session.ledger();
            let unknown = ledger.state().attempts().filter(|attempt| attempt.standing() == Standing::Unknown);
            unknown.map(|attempt| (order(&attempt.clip.shot).who(), attempt.clone())).collect()
        };
        session.settle(unknown, true).await;
        session.run(SHOTS.map(|shot| film.in_form(order(shot))).into()).await;
    });
}

/// How a traced run ended.
#[derive(Debug, PartialEq)]
enum End {
    Killed,
    ByItself,
}

/// Runs the film in a process of its own and kills it at step `at`: even numbers are before a call, odd ones after it.
#[expect(clippy::zombie_processes, reason = "the trace waits for it, as for each of its threads")]
fn run_and_kill(film: &Film, at: usize) -> End {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["submit_steps::a_run_to_be_killed", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env("CLAPBOARD_STEPS_ROOT", film.root())
        .env("CLAPBOARD_STEPS_URL", &film.stub.url)
        .env("CLAPBOARD_STEPS_API", film.api.as_str())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let process = Pid::from_raw(i32::try_from(child.id()).unwrap());
    wait_until_it_reads(&child);
    let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
    for thread in threads_of(process) {
        ptrace::seize(thread, options).unwrap();
        ptrace::interrupt(thread).unwrap();
    }
    let watchdog = Watchdog::of(&child);
    child.stdin.take().unwrap().write_all(b"!").unwrap();
    let end = trace(process, at);
    watchdog.stop();
    end
}

/// Follows the threads of a process from call to call, and kills it at step `at`.
fn trace(process: Pid, at: usize) -> End {
    let group = Pid::from_raw(-process.as_raw());
    // Whether each thread is inside of a call.
    let mut is_inside: HashMap<Pid, bool> = HashMap::new();
    let (mut step, mut end) = (0, End::ByItself);
    loop {
        let status = waitpid(group, Some(WaitPidFlag::__WALL)).unwrap();
        let thread = status.pid().unwrap();
        match status {
            WaitStatus::PtraceSyscall(_) => {
                let is_entry = !is_inside.get(&thread).copied().unwrap_or(false);
                is_inside.insert(thread, is_entry);
                let call = ptrace::getregs(thread).map(|registers| registers.orig_rax.cast_signed());
                if call.is_ok_and(|call| CALLS.contains(&call)) {
                    if step == at {
                        end = End::Killed;
                        nix::sys::signal::kill(process, Signal::SIGKILL).unwrap();
                        continue;
                    }
                    step += 1;
                }
                go_on(thread, None);
            }
            WaitStatus::Stopped(_, signal) => go_on(thread, Some(signal)),
            WaitStatus::PtraceEvent(..) => go_on(thread, None),
            WaitStatus::Exited(ended, _) | WaitStatus::Signaled(ended, ..) if ended == process => return end,
            _ => {}
        }
    }
}

fn go_on(thread: Pid, signal: Option<Signal>) {
    // A thread that was killed meanwhile is gone.
    let _ = ptrace::syscall(thread, signal);
}

fn threads_of(process: Pid) -> Vec<Pid> {
    let folder = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    folder.map(|entry| Pid::from_raw(entry.unwrap().file_name().to_str().unwrap().parse().unwrap())).collect()
}

/// Waits until one of the process's threads waits for its standard input.
fn wait_until_it_reads(child: &Child) {
    let process = Pid::from_raw(i32::try_from(child.id()).unwrap());
    let reads = |thread: &Pid| {
        let call = std::fs::read_to_string(format!("/proc/{process}/task/{thread}/syscall")).unwrap_or_default();
        call.starts_with("0 0x0 ")
    };
    until(|| threads_of(process).iter().any(reads));
}

/// A film of which one clip is here already, so that the service is known to find its attempts.
fn film(api: Target) -> Film {
    let film = Film::new(api);
    film.buy(vec![order("control")]);
    film
}

/// The runs that follow a kill settle all of it.
fn settle_and_count(mut film: Film, steps: &str) {
    for _ in 0..2 {
        film.wall += Duration::from_secs(600);
        resume(&film);
    }
    let sales = film.stub.sales();
    let ids: std::collections::BTreeSet<_> = sales.iter().filter_map(|sale| sale.external_task_id.as_ref()).collect();
    let ledger = film.ledger();
    let finds = film.api.finds_by_external_id();
    assert!(!finds || ids.len() == sales.len(), "{steps}: bought twice\n{ledger}");
    let mut unknown = 0;
    for shot in SHOTS {
        match film.state(&order(shot)) {
            ShotState::Done => {}
            ShotState::Unknown if !finds => unknown += 1,
            state => panic!("{steps}: {shot} is {state:?}\n{ledger}\n{}", film.told()),
        }
    }
    let known = sales.iter().filter(|sale| ledger.contains(&sale.task_id)).count();
    assert!(sales.len() - known <= unknown, "{steps}: a clip was lost\n{ledger}");
    assert!(sales.len() <= SHOTS.len() + 1, "{steps}: bought twice\n{ledger}");
}

/// Kills a run at each `stride`-th step from `first` on, until it gets to its end. Returns how often.
fn kill_at_steps(api: Target, first: usize, stride: usize) -> usize {
    let mut kills = 0;
    for at in (first..).step_by(stride) {
        let film = film(api);
        let end = run_and_kill(&film, at);
        settle_and_count(film, &format!("{api:?}, step {at}"));
        if end == End::ByItself {
            break;
        }
        kills += 1;
    }
    kills
}

#[test]
fn killed_at_some_of_its_steps_everything_is_bought_once() {
    for api in [Target::Official, Target::Gateway, Target::Kling] {
        assert!(kill_at_steps(api, 3, 13) >= 3);
    }
}

#[test]
#[ignore = "takes minutes: some hundred runs"]
fn killed_at_each_step_everything_is_bought_once() {
    for api in [Target::Official, Target::Gateway, Target::Kling] {
        let kills = kill_at_steps(api, 0, 1);
        println!("{api:?}: {kills} kills");
        assert!(kills >= 50, "{kills}");
    }
}

#[test]
#[ignore = "takes minutes: some hundred runs"]
fn killed_again_in_the_run_that_resumes_everything_is_bought_once() {
    let mut kills = 0;
    for api in [Target::Official, Target::Gateway, Target::Kling] {
        for at in (0..).step_by(7) {
            let mut is_over = false;
            for again in (0..).step_by(7) {
                let mut film = film(api);
                is_over = run_and_kill(&film, at) == End::ByItself;
                film.wall += Duration::from_secs(600);
                let end = run_and_kill(&film, again);
                settle_and_count(film, &format!("{api:?}, steps {at} and {again}"));
                if is_over || end == End::ByItself {
                    break;
                }
                kills += 1;
            }
            if is_over {
                break;
            }
        }
    }
    println!("{kills} times killed twice");
    assert!(kills >= 50, "{kills}");
}
