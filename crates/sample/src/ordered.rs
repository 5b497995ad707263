//! Work done in parallel and consumed in order, with bounded memory.
//!
//! The size of a group is fixed, not taken from the number of threads, so that nothing about the
//! output can depend on the machine.

use rayon::prelude::*;

/// Tasks in flight at once: one group is consumed while the next is produced.
const TASKS_PER_GROUP: usize = 16;

/// Runs `produce` for `0..tasks` in parallel and hands the results to `consume` in order, on the
/// calling thread.
///
/// # Errors
///
/// The first error of `consume`; the group that is in production is finished and dropped.
pub(crate) fn produce_in_order<T: Send, E>(
    tasks: usize,
    produce: impl Fn(usize) -> T + Sync,
    mut consume: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let produce_group = |start: usize| -> Vec<T> {
        let end = tasks.min(start + TASKS_PER_GROUP);
        (start.min(end)..end).into_par_iter().map(&produce).collect()
    };
    let mut ready = produce_group(0);
    let mut start = TASKS_PER_GROUP;
    while !ready.is_empty() {
        let mut following = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| following = produce_group(start));
            ready.drain(..).try_for_each(&mut consume)
        })?;
        ready = following;
        start += TASKS_PER_GROUP;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_arrive_in_order_and_complete() {
        for tasks in [0, 1, TASKS_PER_GROUP, TASKS_PER_GROUP * 3 + 5] {
            let mut seen = Vec::new();
            let outcome: Result<(), ()> = produce_in_order(
                tasks,
                |task| task,
                |task| {
                    seen.push(task);
                    Ok(())
                },
            );
            assert_eq!(outcome, Ok(()));
            assert_eq!(seen, (0..tasks).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_stops_the_work() {
        let mut consumed = 0;
        let outcome = produce_in_order(
            1000,
            |task| task,
            |task| {
                consumed += 1;
                if task == 20 { Err(task) } else { Ok(()) }
            },
        );
        assert_eq!((outcome, consumed), (Err(20), 21));
    }
}
