//! Invariants, checked after every test and by `try-runtime`.
//!
//! 1. The pallet's account has what its orders say: more, if somebody gave it something.
//! 2. Pledges are numbered without gaps, and each is that of the place which says so.
//! 3. An open challenge is one of a pledged place, the only one of it, and about a segment that there is.
//! 4. An order that waits is listed for the block that draws it; one that runs is in its service's queue.
//! 5. No order that is over is kept; the places of one are of different nodes and entities.

use alloc::collections::BTreeSet;
use ergon_primitives::{nodes::Service, orders::segments, Balance};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

use crate::*;

impl<T: Config> Pallet<T> {
    /// Checks all invariants. Errors name the number of the broken one.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_money()?;
        Self::check_pledges()?;
        Self::check_challenges()?;
        Self::check_orders()
    }

    fn check_money() -> Result<(), TryRuntimeError> {
        let sum = Orders::<T>::iter_values()
            .try_fold(0, |sum: Balance, order| sum.checked_add(order.money()?))
            .ok_or("1: orders of more than all money")?;
        ensure!(T::Currency::balance(&Self::account()) >= sum, "1: the account has not what the orders say");
        Ok(())
    }

    fn check_pledges() -> Result<(), TryRuntimeError> {
        let count = PledgeCount::<T>::get();
        ensure!(Pledges::<T>::iter().count() as u32 == count, "2: the number of pledges is wrong");
        for (index, (deal, place)) in Pledges::<T>::iter() {
            ensure!(index < count, "2: pledges are numbered with gaps");
            let order = Orders::<T>::get(deal).ok_or("2: a pledge of no order")?;
            let progress = order.places.get(usize::from(place)).map(|place| place.progress);
            let is_its = matches!(progress, Some(Progress::Pledged { index: i, missed, .. }) if i == index && missed < MAX_MISSED);
            ensure!(is_its, "2: a pledge is not its place's");
        }
        let pledged = Orders::<T>::iter_values()
            .flat_map(|order| order.places.into_inner())
            .filter(|place| matches!(place.progress, Progress::Pledged { .. }))
            .count();
        ensure!(pledged as u32 == count, "2: a place without its pledge");
        Ok(())
    }

    fn check_challenges() -> Result<(), TryRuntimeError> {
        let mut asked = BTreeSet::new();
        for OpenChallenge { challenge, .. } in OpenChallenges::<T>::get() {
            ensure!(asked.insert((challenge.deal, challenge.node)), "3: asked twice at once");
            // Its order may be closed in the meantime; then it lapses.
            let Some(order) = Orders::<T>::get(challenge.deal) else { continue };
            let Job::Storage { bytes, .. } = order.job else { return Err("3: a challenge of a session".into()) };
            ensure!(challenge.segment < segments(bytes), "3: a segment that is none");
        }
        Ok(())
    }

    fn check_orders() -> Result<(), TryRuntimeError> {
        let mut queued = BTreeSet::new();
        for service in [Service::Relay, Service::Storage] {
            let Ends { head, tail } = QueueEnds::<T>::get(service);
            ensure!(
                Queue::<T>::iter_prefix(service).count() as u64 == tail.saturating_sub(head),
                "4: a queue with gaps"
            );
            queued.extend((head..tail).filter_map(|number| Queue::<T>::get(service, number)));
        }
        for (id, order) in Orders::<T>::iter() {
            ensure!(id < NextOrder::<T>::get(), "4: an order of the future");
            match order.stage {
                Stage::Waiting { draw, .. } => {
                    ensure!(Draws::<T>::get(draw, order.job.service()).contains(&id), "4: an order without a draw")
                }
                Stage::Running { .. } => ensure!(queued.contains(&id), "4: an order without an end"),
            }
            ensure!(!order.is_over(), "5: an order that is over");
            let nodes: BTreeSet<_> = order.places.iter().map(|place| place.worker.node).collect();
            let entities: BTreeSet<_> = order.places.iter().map(|place| place.worker.entity.clone()).collect();
            ensure!(nodes.len() == order.places.len() && entities.len() == nodes.len(), "5: a node or entity twice");
        }
        Ok(())
    }
}
